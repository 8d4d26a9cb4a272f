"""Where Flask-Security finds accounts, and how it writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_security import SQLAlchemyUserDatastore
from sqlalchemy import inspect

from recruit.accounts import sign_ins
from recruit.accounts.actions import end_links
from recruit.accounts.models import User
from recruit.accounts.notices import tell
from recruit.audit.actions import record
from recruit.database import begin_write, db

if TYPE_CHECKING:
    from recruit.accounts.models import Passkey


class AccountStore(SQLAlchemyUserDatastore):  # type: ignore[misc]
    """Lets Flask-Security wait for its turn to write, as ``recruit.database.write`` does."""

    def put(self, model: User | Passkey) -> User | Passkey:
        """Write a change of an account or a passkey; Flask-Security's view commits it."""
        begin_write()
        # A new password ends what lets somebody in; one only hashed anew at sign-in does not.
        chosen = isinstance(model, User) and (
            inspect(model).attrs.fs_uniquifier.history.has_changes()
        )
        db.session.add(model)
        # Not first when the view commits: its trouble would come too late to be told.
        db.session.flush()
        if chosen:
            sign_ins.end_all(model.id)
            # Whoever knew the old one may have made a token, or have asked for a link.
            sign_ins.end_tokens(model.id)
            end_links(model.id)
            record("account.password", actor_id=model.id, subject=f"user:{model.id}")
        return model

    def delete(self, model: Passkey) -> None:
        """Remove a passkey; Flask-Security's view commits it."""
        begin_write()
        db.session.delete(model)
        db.session.flush()

    def mf_delete_recovery_code(self, user: Any, idx: int) -> bool:
        """Use up a recovery code; who did not use it learns that somebody has."""
        found = bool(super().mf_delete_recovery_code(user, idx))
        record("account.recovery_code_used", actor_id=user.id, subject=user.recipient)
        tell(user, "recovery_code_used", left=len(user.mf_recovery_codes or ()))
        return found

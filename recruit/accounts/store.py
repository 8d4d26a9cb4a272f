"""Where Flask-Security finds accounts, and how it writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_security import SQLAlchemyUserDatastore
from sqlalchemy import inspect

from recruit.accounts import sign_ins
from recruit.audit.actions import record
from recruit.database import begin_write, db

if TYPE_CHECKING:
    from recruit.accounts.models import User


class AccountStore(SQLAlchemyUserDatastore):  # type: ignore[misc]
    """Lets Flask-Security wait for its turn to write, as ``recruit.database.write`` does."""

    def put(self, model: User) -> User:
        """Write a change of an account; Flask-Security's view commits it."""
        begin_write()
        # A new password ends every session; one that is only hashed anew at sign-in does not.
        chosen = inspect(model).attrs.fs_uniquifier.history.has_changes()
        db.session.add(model)
        # Not first when the view commits: its trouble would come too late to be told.
        db.session.flush()
        if chosen:
            sign_ins.end_all(model.id)
            record("account.password", actor_id=model.id, subject=model.recipient)
        return model

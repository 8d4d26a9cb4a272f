"""Passkeys, which Flask-Security makes and removes: every change is recorded and told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_security import wan_deleted, wan_registered

from recruit.accounts.notices import tell
from recruit.audit.actions import record
from recruit.database import begin_write

if TYPE_CHECKING:
    from flask import Flask

    from recruit.accounts.models import User


def register(app: Flask) -> None:
    """Let every change of passkeys be recorded and told."""
    wan_registered.connect(_made, app)
    wan_deleted.connect(_removed, app)


def _made(app: Flask, *, user: User, name: str, **more: Any) -> None:
    del app, more
    record("account.passkey_made", actor_id=user.id, subject=user.recipient)
    tell(user, "passkey_made", passkey=name)


def _removed(app: Flask, *, user: User, name: str, **more: Any) -> None:
    del app, more
    # The passkey itself goes after this.
    begin_write()
    record("account.passkey_removed", actor_id=user.id, subject=user.recipient)
    tell(user, "passkey_removed", passkey=name)

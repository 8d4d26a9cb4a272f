"""Where Flask-Security finds accounts, and how it writes them."""

from __future__ import annotations

from typing import Any

from flask_security import SQLAlchemyUserDatastore

from recruit.database import begin_write, db


class AccountStore(SQLAlchemyUserDatastore):  # type: ignore[misc]
    """Lets Flask-Security wait for its turn to write, as ``recruit.database.write`` does."""

    def put(self, model: Any) -> Any:
        """Write a change of an account; Flask-Security's view commits it."""
        begin_write()
        db.session.add(model)
        # Not first when the view commits: its trouble would come too late to be told.
        db.session.flush()
        return model

"""Pages of the handbook, for everybody: whoever cannot sign in needs it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template
from flask_babel import get_locale
from flask_security import current_user

from recruit.access import Permission, requires
from recruit.handbook import pages, queries

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("handbook", __name__, url_prefix="/help")


@blueprint.get("/")
@requires(Permission.PUBLIC)
def own() -> ResponseReturnValue:
    """Show the page for what the reader does here."""
    return _show(None)


@blueprint.get(f"/<any({','.join(pages.READERS)}):reader>")
@requires(Permission.PUBLIC)
def show(reader: str) -> ResponseReturnValue:
    """Show the page for one kind of user."""
    return _show(reader)


def _show(reader: str | None) -> ResponseReturnValue:
    held = queries.roles_of(current_user)
    readers = sorted(pages.READERS, key=lambda one: one not in held)
    # Whoever is not signed in has most likely just been invited to interview.
    chosen = reader or (readers[0] if held else "interviewer")
    return render_template(
        "web/handbook/show.html",
        page=pages.page(chosen, str(get_locale())),
        readers=readers,
        chosen=chosen,
    )

"""Public pages about the product: how scores are computed, and how accessible it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from recruit.access import Permission, requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("about", __name__, url_prefix="/about")


@blueprint.get("/scores")
@requires(Permission.PUBLIC)
def scores() -> ResponseReturnValue:
    """Tell how scores are computed, and that no artificial intelligence takes part."""
    return render_template("web/privacy/scores.html")


@blueprint.get("/accessibility")
@requires(Permission.PUBLIC)
def accessibility() -> ResponseReturnValue:
    """Tell how accessible the pages are and what was tested."""
    return render_template("web/privacy/accessibility.html")

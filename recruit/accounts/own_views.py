"""Pages of one's own account: where one is signed in, and in how many steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import auth_required, current_user

from recruit.access import Permission, requires
from recruit.accounts import sign_ins, tokens, two_steps
from recruit.accounts.forms import CodeForm, EmptyForm, TokenForm
from recruit.extensions import security

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("account", __name__)
WAYS = {
    "password": _l("with a password"),
    "change": _l("with a password"),
    "reset": _l("with a password"),
    "link": _l("with a link by email"),
    "organisation": _l("with the organisation"),
    "webauthn": _l("with a passkey"),
    "two_steps": _l("in two steps"),
}
"""What Flask-Security and this call the ways to sign in."""
BEFORE_TWO_STEPS = frozenset(
    {
        "account.show",
        "account.begin_two_steps",
        "account.end_sign_in",
        "account.end_other_sign_ins",
        "accounts.sign_out",
    }
)
"""What is open to whom the organisation asks for two steps, until they are on."""
fresh = auth_required(
    "session",
    within=lambda: current_app.config["SECURITY_FRESHNESS"],
    grace=lambda: current_app.config["SECURITY_FRESHNESS_GRACE_PERIOD"],
)
"""Asks whoever signed in a while ago to show that it is still them."""


@blueprint.before_app_request
def ask_for_two_steps() -> ResponseReturnValue | None:
    """Send whom the organisation asks for two steps to turn them on, before anything else."""
    view = current_app.view_functions.get(request.endpoint or "")
    is_open = getattr(view, "permission", Permission.PUBLIC) == Permission.PUBLIC
    if is_open or request.endpoint in BEFORE_TWO_STEPS:
        return None
    if not current_user.is_authenticated:
        return None
    if not two_steps.must_be_on(current_user, g.get("came_by", "")):
        return None
    flash(_("Your organisation asks you for two steps. Turn them on to go on."), "info")
    return redirect(url_for("account.begin_two_steps"))


@blueprint.get("/account")
@requires(Permission.HOME)
def show() -> ResponseReturnValue:
    """Show one's own account, and where one is signed in."""
    return render_template(
        "web/accounts/own.html",
        form=EmptyForm(),
        sign_ins=sign_ins.of(current_user.id),
        is_here=sign_ins.is_here,
        ways=WAYS,
        passkeys=len(current_user.webauthn),
        in_two_steps=two_steps.are_on(current_user),
        may_turn_off=not two_steps.are_asked_of(current_user),
        recovery_codes=len(current_user.mf_recovery_codes or ()),
    )


@blueprint.route("/account/two-steps", methods=["GET", "POST"])
@requires(Permission.HOME)
@fresh
def begin_two_steps() -> ResponseReturnValue:
    """Tie an app that makes codes to one's account, once a code shows that it does."""
    if two_steps.are_on(current_user):
        return redirect(url_for("account.show"))
    form = CodeForm()
    secret = session.setdefault("totp_secret", two_steps.new_secret())
    if form.validate_on_submit():
        try:
            codes = two_steps.turn_on(current_user.id, secret, form.code.data or "")
        except two_steps.CodeIsWrong:
            form.code.errors = [
                _("The app shows another code for this account. Wait for its next, and write that.")
            ]
        except two_steps.AreOn:
            return redirect(url_for("account.show"))
        else:
            del session["totp_secret"]
            return _recovery_codes(codes)
    app = security.totp_factory.fetch_setup_values(secret, current_user)
    page = render_template("web/accounts/two_steps.html", form=form, app=app)
    return page, 400 if form.errors else 200


@blueprint.post("/account/two-steps/recovery-codes")
@requires(Permission.HOME)
@fresh
def renew_recovery_codes() -> ResponseReturnValue:
    """Show new recovery codes, the only time."""
    if not two_steps.are_on(current_user):
        return redirect(url_for("account.show"))
    return _recovery_codes(two_steps.renew_recovery_codes(current_user.id))


def _recovery_codes(codes: list[str]) -> ResponseReturnValue:
    return render_template("web/accounts/recovery_codes.html", codes=codes)


@blueprint.post("/account/two-steps/end")
@requires(Permission.HOME)
@fresh
def end_two_steps() -> ResponseReturnValue:
    """Let oneself sign in in one step again."""
    two_steps.turn_off(current_user.id, actor_id=current_user.id)
    flash(_("Two-step sign-in is off."), "success")
    return redirect(url_for("account.show"))


@blueprint.route("/account/tokens", methods=["GET", "POST"])
@requires(Permission.TOKENS)
@fresh
def programs() -> ResponseReturnValue:
    """List the tokens of one's programs, and make one; it is shown this once."""
    form = TokenForm()
    made = ""
    if form.validate_on_submit():
        made = tokens.make(
            current_user.id,
            name=form.name.data or "",
            days=form.days.data,
            may_write=bool(form.may_write.data),
        )
        form = TokenForm(formdata=None)
    page = render_template(
        "web/accounts/tokens.html",
        form=form,
        empty_form=EmptyForm(formdata=None),
        made=made,
        tokens=tokens.of(current_user.id),
    )
    return page, 400 if form.errors else 200


@blueprint.post("/account/tokens/<int:token_id>/end")
@requires(Permission.TOKENS)
def end_token(token_id: int) -> ResponseReturnValue:
    """End a token: the program that shows it is refused from now on."""
    tokens.end(current_user.id, token_id)
    flash(_("The token is ended."), "success")
    return redirect(url_for("account.programs"))


@blueprint.post("/account/sign-ins/<int:sign_in_id>/end")
@requires(Permission.HOME)
def end_sign_in(sign_in_id: int) -> ResponseReturnValue:
    """Sign oneself out in one other browser."""
    sign_ins.end(current_user.id, sign_in_id)
    flash(_("You are signed out there."), "success")
    return redirect(url_for("account.show"))


@blueprint.post("/account/sign-ins/end")
@requires(Permission.HOME)
def end_other_sign_ins() -> ResponseReturnValue:
    """Sign oneself out in all other browsers."""
    sign_ins.end_others(current_user.id)
    flash(_("You are signed out everywhere but here."), "success")
    return redirect(url_for("account.show"))

"""Pages of accounts. Sign-in by password and password change are Flask-Security's own views."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import structlog
from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_security import current_user, logout_user
from flask_security.utils import validate_redirect_url
from flask_wtf.csrf import generate_csrf

from recruit.access import Permission, may, requires
from recruit.accounts import actions, provider, queries, sign_ins, tries, two_steps
from recruit.accounts.forms import (
    EmptyForm,
    InvitationForm,
    LanguageForm,
    LinkForm,
    RoleForm,
)
from recruit.accounts.invitations import invite
from recruit.accounts.models import LinkPurpose, RoleName
from recruit.addresses import external_url
from recruit.extensions import limiter
from recruit.mail.queries import mail_is_configured

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from recruit.accounts.models import User

log = structlog.get_logger()
blueprint = Blueprint("accounts", __name__)

ATTEMPTS = frozenset(
    {
        "security.login",
        "security.forgot_password",
        "security.verify",
        "security.wan_signin_response",
        "accounts.link",
        "accounts.spend",
        "account.begin_two_steps",
    }
)
CODES = frozenset({"security.two_factor_token_validation", "security.mf_recovery"})
NOT_OFFERED = frozenset(
    {
        "security.two_factor_setup",
        "security.two_factor_setup_validate",
        "security.two_factor_rescue",
        "security.tf_select",
        "security.mf_recovery_codes",
    }
)
"""Flask-Security's pages that have no use here; those of two steps stand below."""


def _sign_in_limit() -> str:
    return str(current_app.config["RECRUIT_SIGN_IN_LIMIT"])


@limiter.limit(_sign_in_limit)
def _count_attempt() -> None:
    """Raise a 429 error when the address has tried too often."""


@blueprint.before_app_request
def limit_attempts() -> None:
    """Count what tries a password, a link or a code, Flask-Security's own pages included."""
    if request.endpoint in NOT_OFFERED:
        abort(404)
    if request.method == "POST" and request.endpoint in ATTEMPTS | CODES:
        _count_attempt()
        tries.count(str(request.endpoint))


@blueprint.before_app_request
def forget_foreign_target() -> ResponseReturnValue | None:
    """Let a sign-in that is to lead to another site begin as one that leads nowhere.

    Flask-Security refuses the target only when the password is sent, and does not say why.
    """
    target = request.args.get("next", "")
    foreign = request.blueprint == "security" and target and not validate_redirect_url(target)
    if request.method != "GET" or not foreign:
        return None
    return redirect(url_for(str(request.endpoint), **(request.view_args or {})))


@blueprint.route("/sign-in/link", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
def link() -> ResponseReturnValue:
    """Send a one-time link; the answer is the same whether the address is known or not."""
    form = LinkForm()
    if form.validate_on_submit():
        actions.ask_for_link(form.email.data or "", LinkPurpose.SIGN_IN)
        return render_template("web/accounts/link_sent.html", mails=mail_is_configured())
    return render_template("web/accounts/link.html", form=form), 400 if form.errors else 200


def forgot_password() -> ResponseReturnValue:
    """Send a link to choose a new password; the answer is the same for every address.

    In place of Flask-Security's own, which takes longer where there is an account.
    """
    form = LinkForm()
    if form.validate_on_submit():
        actions.ask_for_link(form.email.data or "", LinkPurpose.RESET)
        return render_template(
            "web/accounts/link_sent.html", mails=mail_is_configured(), resets=True
        )
    if request.method == "GET" and current_user.is_authenticated:
        form.email.data = current_user.email
    return (
        render_template("web/accounts/forgot_password.html", form=form),
        400 if form.errors else 200,
    )


@blueprint.route("/sign-in/<any(sign_in, invitation):purpose>/<token>", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
def spend(purpose: str, token: str) -> ResponseReturnValue:
    """Sign in by a one-time link; a button, so that mail scanners do not spend it."""
    form = EmptyForm()
    if form.validate_on_submit():
        user = actions.spend_token(token, purpose)
        second_step = sign_ins.second_step(user, "link")
        if second_step is not None:
            return second_step
        sign_ins.let_in(user.id, "link")
        if purpose == "invitation":
            flash(_("Welcome! Choose a password now, or keep signing in by link."), "success")
            return redirect(url_for("security.change_password"))
        return redirect(url_for("home.start"))
    user = actions.user_of_token(token, purpose)
    return render_template("web/accounts/spend.html", form=form, user=user)


@blueprint.get("/sign-in/organisation")
@requires(Permission.PUBLIC)
def sign_in_at_organisation() -> ResponseReturnValue:
    """Send somebody to the organisation's provider, to come back to ``organisation_answers``."""
    if not provider.issuer():
        abort(404)
    target = request.args.get("next", "")
    session["next"] = target if target and validate_redirect_url(target) else ""
    try:
        return provider.begin(external_url("accounts.organisation_answers"))
    except provider.ProviderIsAway as error:
        return _not_signed_in(_provider_is_away(), error)


@blueprint.get("/sign-in/organisation/answer")
@requires(Permission.PUBLIC)
def organisation_answers() -> ResponseReturnValue:
    """Sign in whom the organisation's provider sends back."""
    if not provider.issuer():
        abort(404)
    target = session.pop("next", "")
    organisation = current_app.config["RECRUIT_ORGANISATION"]
    try:
        claims = provider.finish()
        user = actions.sign_in_as(provider.issuer(), claims.subject, claims.email)
    except provider.ProviderIsAway as error:
        return _not_signed_in(_provider_is_away(), error)
    except provider.SignInIsRefused as error:
        return _not_signed_in(
            _("The sign-in was not completed. Try again, or sign in another way."), error
        )
    except actions.HasNoAccount as error:
        text = _(
            "There is no account here for %(email)s. Accounts are by invitation: ask whoever leads "
            "the recruitment for one.",
            email=claims.email,
        )
        untold = _(
            "%(organisation)s does not tell which email address is yours, so your account cannot "
            "be found. Sign in with a link by email instead.",
            organisation=organisation,
        )
        return _not_signed_in(text if claims.email else untold, error)
    except actions.IsSomebodyElse as error:
        text = _(
            "The account of %(email)s belongs to somebody else at %(organisation)s. If it is "
            "yours, an administrator can let you sign in to it.",
            email=claims.email,
            organisation=organisation,
        )
        return _not_signed_in(text, error)
    except actions.AccountIsClosed as error:
        return _not_signed_in(_("Your account is closed. Ask an administrator to open it."), error)
    sign_ins.let_in(user.id, "organisation")
    return redirect(target or url_for("home.start"))


def _provider_is_away() -> str:
    return str(
        _(
            "%(organisation)s does not answer just now. Try again in a while, or sign in another "
            "way.",
            organisation=current_app.config["RECRUIT_ORGANISATION"],
        )
    )


def _not_signed_in(text: str, error: Exception) -> ResponseReturnValue:
    log.warning("accounts.not_signed_in", error=type(error).__name__)
    flash(text, "danger")
    return redirect(url_for("security.login"))


@blueprint.post("/sign-out")
@requires(Permission.HOME)
def sign_out() -> ResponseReturnValue:
    """End the session."""
    sign_ins.end_here(current_user.id)
    logout_user()
    return redirect(url_for("security.login"))


@blueprint.get("/session")
@requires(Permission.PUBLIC)
def whose_session() -> ResponseReturnValue:
    """Return who is signed in, by number, and a fresh token against forged requests.

    A page that stays open over a new sign-in asks here: the token that it was sent with went with
    the old session.
    """
    person = current_user.id if current_user.is_authenticated else None
    return jsonify(person=person, csrf_token=generate_csrf())


@blueprint.get("/signed-in")
@requires(Permission.HOME)
def signed_in() -> ResponseReturnValue:
    """Tell somebody who signed in again in a new tab that the first one goes on."""
    return render_template("web/accounts/signed_in.html")


@blueprint.post("/language")
@requires(Permission.PUBLIC)
def language() -> ResponseReturnValue:
    """Choose the language of the pages, for the account or for the visit."""
    form = LanguageForm()
    if form.validate_on_submit():
        session["language"] = form.language.data
        if current_user.is_authenticated:
            actions.choose_language(current_user.id, str(form.language.data))
    # The page that one came from, and never another host: "//host/" would be one.
    before = urlsplit(request.referrer or "")
    return redirect(urlunsplit(("", "", "/" + before.path.lstrip("/\\"), before.query, "")))


@blueprint.route("/users", methods=["GET", "POST"])
@requires(Permission.USERS_MANAGE)
def users() -> ResponseReturnValue:
    """List the people with accounts and invite more."""
    form = InvitationForm()
    if form.validate_on_submit():
        try:
            user = actions.add_user(
                name=form.name.data or "",
                email=form.email.data or "",
                roles=_roles(form),
                language=str(form.language.data),
                actor_id=current_user.id,
            )
        except actions.EmailIsTaken:
            form.email.errors = [_("Somebody has an account with that address already.")]
        else:
            invite(user, current_user)
            _tell_invited(user)
            return redirect(url_for("accounts.users"))
    return (
        render_template("web/accounts/users.html", form=form, users=queries.users()),
        400 if form.errors else 200,
    )


@blueprint.route("/users/<int:user_id>", methods=["GET", "POST"])
@requires(Permission.USERS_MANAGE)
def user(user_id: int) -> ResponseReturnValue:
    """Show one person's account and change its role."""
    person = queries.user(user_id)
    form = RoleForm(data={"role": " ".join(sorted(role.name for role in person.roles))})
    if form.validate_on_submit():
        actions.set_roles(user_id, _roles(form), actor_id=current_user.id)
        flash(_("The role is changed."), "success")
        # Whoever has taken it from themselves no longer sees the list.
        administers = may(current_user, Permission.USERS_MANAGE)
        return redirect(url_for("accounts.users" if administers else "home.start"))
    return (
        render_template(
            "web/accounts/user.html",
            form=form,
            person=person,
            identity=queries.identity(user_id, provider.issuer()),
            in_two_steps=two_steps.are_on(person),
        ),
        400 if form.errors else 200,
    )


@blueprint.post("/users/<int:user_id>/invitation")
@requires(Permission.USERS_MANAGE)
def invite_again(user_id: int) -> ResponseReturnValue:
    """Send a new invitation."""
    person = queries.user(user_id)
    invite(person, current_user)
    _tell_invited(person)
    return redirect(url_for("accounts.users"))


@blueprint.post("/users/<int:user_id>/close")
@requires(Permission.USERS_MANAGE)
def close(user_id: int) -> ResponseReturnValue:
    """Close somebody's account."""
    name = queries.user(user_id).name
    actions.close_account(user_id, actor_id=current_user.id)
    flash(_("%(name)s can no longer sign in.", name=name), "success")
    return redirect(url_for("accounts.users"))


@blueprint.post("/users/<int:user_id>/untie")
@requires(Permission.USERS_MANAGE)
def untie(user_id: int) -> ResponseReturnValue:
    """Let whoever has the person's address at the organisation's provider sign in anew."""
    person = queries.user(user_id)
    actions.untie(user_id, provider.issuer(), actor_id=current_user.id)
    flash(_("Whoever signs in with %(email)s next has the account.", email=person.email), "success")
    return redirect(url_for("accounts.user", user_id=user_id))


@blueprint.post("/users/<int:user_id>/two-steps/end")
@requires(Permission.USERS_MANAGE)
def end_two_steps_of(user_id: int) -> ResponseReturnValue:
    """Let whoever has lost both telephone and recovery codes sign in in one step."""
    two_steps.turn_off(user_id, actor_id=current_user.id)
    flash(_("Two-step sign-in of %(name)s is off.", name=queries.user(user_id).name), "success")
    return redirect(url_for("accounts.user", user_id=user_id))


@blueprint.post("/users/<int:user_id>/open")
@requires(Permission.USERS_MANAGE)
def reopen(user_id: int) -> ResponseReturnValue:
    """Open somebody's account again."""
    name = queries.user(user_id).name
    actions.open_account(user_id, actor_id=current_user.id)
    flash(_("%(name)s can sign in again.", name=name), "success")
    return redirect(url_for("accounts.users"))


def _roles(form: InvitationForm | RoleForm) -> list[RoleName]:
    return [RoleName(name) for name in str(form.role.data).split()]


def _tell_invited(person: User) -> None:
    if mail_is_configured():
        flash(_("%(name)s is invited.", name=person.name), "success")
    else:
        flash(_("The account is made, but no mail server is set up. No email was sent."), "warning")

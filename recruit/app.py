"""The application factory: configuration, extensions, blueprints, errors."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, abort, current_app, g, has_request_context, request, session, url_for
from flask_babel import format_date, format_datetime, format_decimal, format_time, get_locale
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from recruit import addresses, config, errors, labels, resources
from recruit.access import Permission, may, may_on_this_page
from recruit.accounts import attempts, messages, passkeys, provider, sign_ins, tries
from recruit.accounts.language import visit_language
from recruit.accounts.models import Passkey, Role, User
from recruit.accounts.store import AccountStore
from recruit.accounts.views import forgot_password
from recruit.database import HIGHEST, now
from recruit.documents.cache import DocumentCache
from recruit.documents.renderer import Renderer
from recruit.extensions import babel, csrf, db, limiter, mail, migrate, security

if TYPE_CHECKING:
    from flask import Response

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'"
)
SECTIONS = {
    "": "home.start",
    "requisitions": "requisitions.index",
    "library": "library.index",
    "training": "training.index",
    "users": "accounts.users",
    "privacy": "privacy.index",
    "trail": "trail.show",
}
"""The menu's entry by the first part of a page's address."""


def create_app(settings: config.Settings | None = None) -> Flask:
    """Return the application. Raises BadSettings when it cannot run with the settings."""
    settings = settings or config.read()
    app = addresses.Application(
        "recruit",
        template_folder=str(resources.templates_folder()),
        static_folder=str(resources.static_folder()),
    )
    app.config.from_mapping(config.flask_config(settings))
    app.config.from_mapping({f"RECRUIT_{k.upper()}": v for k, v in settings.model_dump().items()})
    # Flask-Security's own texts, in the languages that it does not ship.
    app.config["SECURITY_I18N_DIRNAME"] = [str(resources.translations_folder()), "builtin"]
    app.config.from_mapping(messages.SECURITY)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(resources.translations_folder())
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    _configure_logs(settings.log_level)

    addresses.register(app)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(resources.migrations_folder()))
    babel.init_app(app, locale_selector=_language)
    mail.init_app(app)
    limiter.init_app(app)
    csrf.init_app(app)
    security.init_app(app, AccountStore(db, User, Role, Passkey), datetime_factory=now)
    app.view_functions["security.forgot_password"] = forgot_password
    passkeys.register(app)
    provider.register(app, settings)
    attempts.register(app)
    sign_ins.register(app)
    tries.register(app)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(resources.static_folder()), prefix="static/", max_age=3600
    )

    if settings.proxies:
        # Without it the attempts of everybody are counted as the web server's.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
        )

    _check_library(settings.library)
    app.extensions["recruit_renderer"] = Renderer(
        timeout=settings.pdf_timeout, memory_mb=settings.pdf_memory
    )
    with app.app_context():
        folder = config.pdf_cache_folder(settings, db.engine.url)
    app.extensions["recruit_documents"] = DocumentCache(folder, settings.pdf_cache_size)
    _register_blueprints(app)
    _register_api(app)
    _declare_jobs()
    labels.register(app)
    errors.register(app)
    if settings.metrics_token:
        from recruit.metrics import figures

        figures.register(app)
    app.url_value_preprocessor(_check_numbers)
    app.after_request(_secure)
    app.context_processor(_page_context)
    app.jinja_env.globals["navigation"] = _navigation
    return app


def _register_blueprints(app: Flask) -> None:
    # Imported here: blueprints import extensions and must not be loaded before them.
    from recruit.accounts.own_views import blueprint as account
    from recruit.accounts.views import blueprint as accounts
    from recruit.candidates.import_views import blueprint as imports
    from recruit.candidates.views import blueprint as candidates
    from recruit.comparisons.decision_views import blueprint as decisions
    from recruit.comparisons.views import blueprint as comparisons
    from recruit.consensus.views import blueprint as consensus
    from recruit.deviations.views import blueprint as deviations
    from recruit.guides.builder_views import blueprint as builder
    from recruit.guides.document_views import blueprint as guide_documents
    from recruit.guides.import_views import blueprint as guide_imports
    from recruit.guides.profile_views import blueprint as profiles
    from recruit.guides.views import blueprint as guides
    from recruit.guides.views import questions
    from recruit.guides.wording_views import blueprint as wording
    from recruit.handbook.views import blueprint as handbook
    from recruit.home.views import blueprint as home
    from recruit.interviews.views import blueprint as interviews
    from recruit.interviews.views import members, withdrawals
    from recruit.library.edit_views import blueprint as own_library
    from recruit.library.views import blueprint as library
    from recruit.metrics.views import blueprint as metrics
    from recruit.privacy.about_views import blueprint as about
    from recruit.privacy.trail_views import blueprint as trail
    from recruit.privacy.views import blueprint as privacy
    from recruit.reports.views import blueprint as reports
    from recruit.requisitions.views import blueprint as requisitions
    from recruit.scorecards.offline import blueprint as offline
    from recruit.scorecards.panel_views import blueprint as panels
    from recruit.scorecards.views import blueprint as scorecards
    from recruit.search.views import blueprint as search
    from recruit.training.views import blueprint as training

    for blueprint in (
        home,
        search,
        accounts,
        account,
        library,
        training,
        own_library,
        requisitions,
        profiles,
        builder,
        wording,
        guides,
        guide_documents,
        guide_imports,
        questions,
        candidates,
        imports,
        interviews,
        members,
        withdrawals,
        scorecards,
        consensus,
        panels,
        offline,
        deviations,
        comparisons,
        decisions,
        reports,
        privacy,
        trail,
        about,
        handbook,
        metrics,
    ):
        app.register_blueprint(blueprint)


def _register_api(app: Flask) -> None:
    from recruit.api import views

    views.register(app)


def _check_library(folder: str) -> None:
    if not folder:
        return
    from recruit.core.faults import Faults
    from recruit.library import of_files

    try:
        of_files(folder)
    except Faults as error:
        lines = [f"library: {fault}" for fault in error.faults]
        raise config.BadSettings("\n".join(lines)) from error


def _declare_jobs() -> None:
    # Imported for what they declare.
    from recruit.accounts import jobs as accounts
    from recruit.candidates import jobs as candidates
    from recruit.mail import jobs as mail
    from recruit.privacy import jobs as privacy
    from recruit.reminders import jobs as reminders
    from recruit.reports import jobs as reports

    del accounts, candidates, mail, privacy, reminders, reports


def _language() -> str:
    if not has_request_context():
        return "sv"
    if "language" in g:
        return str(g.language)
    if not current_user.is_authenticated:
        return visit_language()
    if session.get("language") != current_user.language:
        # So that a page without the database speaks it too.
        session["language"] = current_user.language
    return str(current_user.language)


def _check_numbers(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let an address with a number that no row can have lead nowhere, not to the database."""
    del endpoint
    if any(isinstance(value, int) and value > HIGHEST for value in (values or {}).values()):
        abort(404)


def _secure(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store, private")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response


def _page_context() -> dict[str, Any]:
    everywhere = {
        "language": str(get_locale()),
        "organisation": current_app.config["RECRUIT_ORGANISATION"],
        "format_date": format_date,
        "format_datetime": format_datetime,
        "format_time": format_time,
        "format_decimal": format_decimal,
    }
    if not has_request_context():
        return everywhere
    return everywhere | {"may": may_on_this_page(), "Permission": Permission}


def _navigation() -> list[dict[str, object]]:
    """Return the main menu of the person; at most one entry is where the page belongs."""
    entries = [
        ("home.start", _("To do")),
        ("requisitions.index", _("Requisitions")),
        ("library.index", _("Library")),
        ("training.index", _("Training")),
    ]
    if may(current_user, Permission.USERS_MANAGE):
        entries.append(("accounts.users", _("People")))
    if may(current_user, Permission.PRIVACY_MANAGE):
        entries.append(("privacy.index", _("Privacy")))
    if may(current_user, Permission.AUDIT_READ):
        entries.append(("trail.show", _("Trail")))
    here = _section()
    return [
        {"label": label, "url": url_for(endpoint), "current": endpoint == here}
        for endpoint, label in entries
    ]


def _section() -> str | None:
    """Return the menu's entry that the page belongs to, by its address."""
    parts = request.path.strip("/").split("/")
    if parts[0] == "requisitions" and parts[2:3] == ["privacy"]:
        # An administrator who sees no requisition comes to it from the list of all.
        seen = may(
            current_user,
            Permission.REQUISITION_VIEW,
            (request.view_args or {}).get("requisition_id"),
        )
        return "requisitions.index" if seen else "privacy.index"
    return SECTIONS.get(parts[0])


def _configure_logs(level: str) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )

"""Examines an installation: what is wrong with it, and how to mend it."""

from __future__ import annotations

import shutil
import smtplib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from recruit.accounts.models import Role, RoleName, User
from recruit.core import library_check, own_library
from recruit.core.faults import Faults
from recruit.database import db
from recruit.library import of_files, present
from recruit.mail.queries import stuck_mails
from recruit.resources import interview_guides_folder, migrations_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

LEAST_SPACE = 1024**3
"""Bytes free below which a disk counts as nearly full."""


class Health(StrEnum):
    """How a part of the installation is: a fault stops people, a warning will."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """What was found of one part, and what to do about it (empty when all is well)."""

    health: Health
    part: str
    found: str
    remedy: str = ""


def examine(app: Flask, language: str) -> list[Finding]:
    """Examine every part of the installation, in the language ("sv" or "en").

    Nothing is changed and no mail is sent. What rests on the database is left out when there is no
    talking to it.
    """
    with app.app_context(), force_locale(language):
        findings = list(_database())
        if all(finding.health != Health.FAULT for finding in findings):
            findings += [_administrators(), _outbox(), *_own_entries(language)]
        findings += [check() for check in (_address, _mail_server, _pdf, _library)]
        return findings + list(_own_folder(language))


def _database() -> Iterator[Finding]:
    part = _("Database")
    url = db.engine.url
    name = url.render_as_string(hide_password=True)
    try:
        with db.engine.connect() as connection:
            here = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        yield Finding(
            Health.FAULT,
            part,
            _("no answer from %(name)s: %(reason)s", name=name, reason=reason),
            _("Check RECRUIT_DATABASE, and that the server runs and lets this machine in."),
        )
        return
    wanted = ScriptDirectory(str(migrations_folder())).get_current_head()
    if here != wanted:
        yield Finding(
            Health.FAULT,
            part,
            _(
                "its tables are of version %(here)s, this program needs %(wanted)s",
                here=here or "–",
                wanted=wanted,
            ),
            _("Make a backup, then run: recruit db upgrade"),
        )
        return
    yield Finding(Health.OK, part, name)
    if url.get_backend_name() == "sqlite" and url.database:
        yield _disk(Path(url.database))


def _disk(path: Path) -> Finding:
    part = _("Disk")
    free = shutil.disk_usage(path.resolve().parent).free
    found = _("%(size)s GB free beside the database", size=round(free / 1024**3, 1))
    if free < LEAST_SPACE:
        return Finding(
            Health.WARNING,
            part,
            found,
            _("Make room: when the disk is full, nothing more can be saved."),
        )
    return Finding(Health.OK, part, found)


def _administrators() -> Finding:
    part = _("Administrator")
    number = db.session.scalar(
        select(func.count(User.id)).where(
            User.active, User.roles.any(Role.name == RoleName.ADMINISTRATOR)
        )
    )
    if not number:
        return Finding(
            Health.FAULT,
            part,
            _("there is none who can sign in"),
            _("Run: recruit user add ADDRESS --name NAME --role administrator"),
        )
    return Finding(Health.OK, part, _("%(number)s can sign in", number=number))


def _outbox() -> Finding:
    part = _("Outbox")
    stuck = stuck_mails()
    if stuck:
        return Finding(
            Health.FAULT,
            part,
            ngettext(
                "%(num)d mail should have gone long ago",
                "%(num)d mails should have gone long ago",
                stuck,
            ),
            _("Run recruit worker, or recruit serve without --no-jobs."),
        )
    return Finding(Health.OK, part, _("no mail is stuck"))


def _address() -> Finding:
    part = _("Address")
    address = str(current_app.config["RECRUIT_BASE_URL"])
    parts = urlsplit(address)
    if not parts.hostname:
        return Finding(
            Health.FAULT,
            part,
            _("%(address)s is no address", address=address),
            _("Set RECRUIT_BASE_URL to what people write in their browser: https://…"),
        )
    https = current_app.config["SESSION_COOKIE_SECURE"]
    if https and parts.scheme != "https":
        return Finding(
            Health.FAULT,
            part,
            _("%(address)s, but people are kept signed in over HTTPS only", address=address),
            _("Set RECRUIT_BASE_URL to an address that begins with https://."),
        )
    if not https:
        return Finding(
            Health.WARNING,
            part,
            _("%(address)s, and sign-in works without HTTPS", address=address),
            _("Put a web server with HTTPS in front, and leave RECRUIT_HTTPS as it is."),
        )
    return Finding(Health.OK, part, address)


def _mail_server() -> Finding:
    part = _("Mail server")
    config = current_app.config
    host, port = config["MAIL_SERVER"], config["MAIL_PORT"]
    if not host:
        return Finding(
            Health.WARNING,
            part,
            _("none is set: no invitation, calendar entry or reminder is sent"),
            _("Set RECRUIT_MAIL_SERVER, and RECRUIT_MAIL_SENDER to an address of your own."),
        )
    place = f"{host}:{port}"
    try:
        with smtplib.SMTP(host, port, timeout=10) as server:
            if config["MAIL_USE_TLS"]:
                server.starttls()
            if config["MAIL_USERNAME"]:
                server.login(config["MAIL_USERNAME"], config["MAIL_PASSWORD"] or "")
            server.noop()
    except smtplib.SMTPAuthenticationError:
        return Finding(
            Health.FAULT,
            part,
            _("%(place)s refuses the user name or the password", place=place),
            _("Check RECRUIT_MAIL_USERNAME and RECRUIT_MAIL_PASSWORD."),
        )
    except (OSError, smtplib.SMTPException) as error:
        return Finding(
            Health.FAULT,
            part,
            _("no talking to %(place)s: %(reason)s", place=place, reason=error),
            _("Check RECRUIT_MAIL_SERVER, RECRUIT_MAIL_PORT and RECRUIT_MAIL_TLS."),
        )
    return Finding(Health.OK, part, place)


def _pdf() -> Finding:
    part = "PDF"
    page = '<html lang="sv"><title>Prov</title><h1>Prov</h1></html>'
    try:
        size = len(current_app.extensions["recruit_renderer"].pdf(page))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is wrong
        return Finding(
            Health.FAULT,
            part,
            _("no document can be made: %(reason)s", reason=error),
            _(
                "Install Pango (Debian: libpango-1.0-0, libpangoft2-1.0-0, "
                "libharfbuzz-subset0), and give RECRUIT_PDF_MEMORY more."
            ),
        )
    return Finding(Health.OK, part, _("a page of %(size)s bytes was made", size=size))


def _library() -> Finding:
    part = _("Library")
    faults = library_check.check(interview_guides_folder())
    if faults:
        return Finding(
            Health.FAULT,
            part,
            ngettext("%(num)d fault", "%(num)d faults", len(faults)),
            _("Run: recruit library check"),
        )
    return Finding(Health.OK, part, _("without faults"))


def _own_entries(language: str) -> Iterator[Finding]:
    for competency, faults in present().left_out.items():
        yield Finding(
            Health.FAULT,
            _("Own competency %(competency)s", competency=competency),
            _(
                "it does not fit the library and is left out: %(fault)s",
                fault=faults.faults[0].in_(language),
            ),
            _("Open the competency in the library and save it anew, or choose Put back."),
        )


def _own_folder(language: str) -> Iterator[Finding]:
    folder = str(current_app.config["RECRUIT_LIBRARY"])
    if not folder:
        return
    part = _("Own library")
    # Read anew: the running program keeps what it read when it started.
    health = Health.WARNING
    try:
        documents = own_library.read_folder(Path(folder))
        own_library.overlay(of_files(), documents)
        faults = own_library.check(of_files(), documents)
    except Faults as error:
        health = Health.FAULT
        faults = list(error.faults)
    for fault in faults:
        yield Finding(
            health,
            part,
            fault.in_(language),
            _("Mend it in %(folder)s, then run: recruit library check %(folder)s", folder=folder),
        )
    if not faults:
        yield Finding(Health.OK, part, folder)

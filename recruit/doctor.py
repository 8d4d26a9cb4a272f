"""Examines an installation: what is wrong with it, and how to mend it."""

from __future__ import annotations

import shutil
import smtplib
import ssl
import stat
import tempfile
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_babel import force_locale, format_datetime, ngettext
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from recruit.accounts import provider
from recruit.accounts.models import Role, RoleName, User
from recruit.config import Settings
from recruit.core import library_check, own_library
from recruit.core.faults import Faults
from recruit.core.trace import place_of
from recruit.database import db, now
from recruit.doctor_keys import second_steps, trail_key
from recruit.findings import Finding, Health
from recruit.jobs.queue import SignedWithOtherKey, jobs
from recruit.library import of_files, present
from recruit.mail.queries import stuck_mails
from recruit.mail.transport import CheckingSMTP
from recruit.resources import interview_guides_folder, migrations_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from flask import Flask

    Check = Callable[[], Finding | Iterable[Finding]]

LEAST_SPACE = 1024**3
"""Bytes free below which a disk counts as nearly full."""
IDLE = timedelta(minutes=15)
"""A worker that runs has something to do every minute."""
ASTRAY = timedelta(seconds=60)
"""How far apart two clocks may be; times of interviews are told in minutes."""
FEWEST_CHARACTERS = 10
"""A secret made by chance has more different characters: of 64 hexadecimal ones, nearly all 16."""
PROBE_STYLE = (
    "@font-face { font-family: Inter; src: url(recruit:inter/inter-latin-400-normal.woff2); }"
    "html { font-family: Inter; }"
)
EXAMPLES = ("change", "example", "exempel", "secret", "hemlig", "password", "lösenord", "012345")
"""What a secret out of an example or a head has in it."""


def examine(app: Flask, language: str) -> list[Finding]:
    """Examine every part of the installation, in the language ("sv" or "en").

    Nothing is changed and no mail is sent. What rests on the database is left out when there is no
    talking to it.
    """
    with app.app_context(), force_locale(language):
        findings = list(_unbroken(_("Database"), _database))
        if all(finding.health != Health.FAULT for finding in findings):
            findings += _all_of(
                (_("Clock"), _clock),
                (_("Administrator"), _administrators),
                (_("Background jobs"), lambda: _worker(app)),
                (_("Outbox"), _outbox),
                (_("Two-step sign-in"), second_steps),
                (_("Trail"), trail_key),
                (_("Own library"), lambda: _own_entries(language)),
            )
        findings += _all_of(
            (_("Secret key"), _secret),
            (_("Address"), _address),
            (_("Mail server"), _mail),
            (_("Single sign-on"), _provider),
            (_("Finished documents"), _kept_documents),
            ("PDF", _pdf),
            (_("Library"), _library),
            (_("Own library"), lambda: _own_folder(language)),
        )
        return findings


def _all_of(*checks: tuple[str, Check]) -> Iterator[Finding]:
    for part, check in checks:
        yield from _unbroken(part, check)


def _unbroken(part: str, check: Check) -> Iterator[Finding]:
    """Yield what a check finds; one that breaks is a fault of its part, and ends no other."""
    try:
        found = check()
        yield from [found] if isinstance(found, Finding) else found
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is wrong
        db.session.rollback()
        yield Finding(
            Health.FAULT,
            part,
            # Its own words may hold what is in the database.
            _(
                "it could not be examined: %(error)s at %(place)s",
                error=type(error).__name__,
                place=place_of(error),
            ),
            _("Report this, with the line above, to whoever develops Recruit."),
        )


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
            _("Make a backup (recruit backup FILE), then run: recruit db upgrade"),
        )
        return
    if url.get_backend_name() == "sqlite" and url.database:
        path = Path(url.database).resolve()
        yield _file(path, name)
        yield _disk(path)
    else:
        yield Finding(Health.OK, part, name)


def _file(path: Path, name: str) -> Finding:
    part = _("Database")
    # Whoever may pass every folder on the way and read the file reads what is in it.
    passed = all(folder.stat().st_mode & stat.S_IXOTH for folder in path.parents)
    if passed and path.stat().st_mode & stat.S_IROTH:
        return Finding(
            Health.WARNING,
            part,
            _("%(name)s: every account on this machine can read it", name=name),
            _("Run: chmod o-rwx %(path)s", path=path),
        )
    return Finding(Health.OK, part, name)


def _disk(path: Path) -> Finding:
    part = _("Disk")
    free = shutil.disk_usage(path.parent).free
    found = _("%(size)s GB free beside the database", size=round(free / 1024**3, 1))
    if free < LEAST_SPACE:
        return Finding(
            Health.WARNING,
            part,
            found,
            _("Make room: when the disk is full, nothing more can be saved."),
        )
    return Finding(Health.OK, part, found)


def _clock() -> Finding:
    part = _("Clock")
    there = db.session.execute(select(func.current_timestamp())).scalar_one()
    apart = abs(now() - (there if there.tzinfo else there.replace(tzinfo=UTC)))
    if apart > ASTRAY:
        return Finding(
            Health.FAULT,
            part,
            _(
                "this machine and the database are %(seconds)s seconds apart",
                seconds=round(apart.total_seconds()),
            ),
            _("Let both machines take their time from the same server (NTP)."),
        )
    return Finding(Health.OK, part, _("the same as the database's"))


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
            _("there is nobody who can sign in"),
            _("Run: recruit user add ADDRESS --name NAME --role administrator"),
        )
    return Finding(Health.OK, part, _("%(number)s can sign in", number=number))


def _worker(app: Flask) -> Finding:
    part = _("Background jobs")
    remedy = _("Run recruit worker, or recruit serve without --no-jobs.")
    try:
        last = jobs.last_run(app)
    except SignedWithOtherKey:
        return Finding(
            Health.WARNING,
            part,
            _("the queue was signed with another secret key"),
            _(
                "If you have changed the secret key, start Recruit: its first job puts this "
                "right, and nothing is lost. Otherwise put the right key in RECRUIT_SECRET_KEY."
            ),
        )
    if last is None:
        return Finding(Health.WARNING, part, _("never run here yet"), remedy)
    when = format_datetime(last, "d MMM y HH:mm")
    if now() - last > IDLE:
        return Finding(Health.WARNING, part, _("last run %(when)s", when=when), remedy)
    return Finding(Health.OK, part, _("run %(when)s", when=when))


def _outbox() -> Finding:
    part = _("Outbox")
    stuck = stuck_mails()
    if stuck:
        return Finding(
            Health.FAULT,
            part,
            ngettext(
                "%(num)d email should have gone long ago",
                "%(num)d emails should have gone long ago",
                stuck,
            ),
            _("Run recruit worker, or recruit serve without --no-jobs."),
        )
    return Finding(Health.OK, part, _("no email is stuck"))


def _secret() -> Finding:
    part = _("Secret key")
    key = str(current_app.config["SECRET_KEY"])
    if len(set(key)) < FEWEST_CHARACTERS or any(word in key.lower() for word in EXAMPLES):
        return Finding(
            Health.FAULT,
            part,
            _("it can be guessed, and whoever does can sign in as anybody"),
            _(
                "Put what openssl rand -hex 32 prints in RECRUIT_SECRET_KEY. "
                "Then everybody has to sign in again."
            ),
        )
    return Finding(Health.OK, part, _("long and unpredictable"))


def _address() -> Finding:
    part = _("Address")
    address = str(current_app.config["RECRUIT_BASE_URL"])
    parts = urlsplit(address)
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


def _provider() -> Iterator[Finding]:
    address = provider.issuer()
    if not address:
        return
    part = _("Single sign-on")
    try:
        provider.check()
    except provider.ProviderIsAway as error:
        yield Finding(
            Health.FAULT,
            part,
            _("no contact with %(place)s: %(reason)s", place=address, reason=error),
            _("Check RECRUIT_OIDC_ISSUER: it is what the provider calls itself, to the letter."),
        )
    else:
        yield Finding(Health.OK, part, address)


def _mail() -> Iterator[Finding]:
    part = _("Mail server")
    config = current_app.config
    host, port = config["MAIL_SERVER"], config["MAIL_PORT"]
    if not host:
        yield Finding(
            Health.WARNING,
            part,
            _("none is set: no invitation, calendar entry or reminder is sent"),
            _("Set RECRUIT_MAIL_SERVER, and RECRUIT_MAIL_SENDER to an address of your own."),
        )
        return
    yield _mail_server(part, host, port)
    sender = config["MAIL_DEFAULT_SENDER"]
    if sender == Settings.model_fields["mail_sender"].default:
        yield Finding(
            Health.WARNING,
            _("Sender"),
            _("%(sender)s is only an example of an address", sender=sender),
            _("Set RECRUIT_MAIL_SENDER to an address of your own."),
        )


def _mail_server(part: str, host: str, port: int) -> Finding:
    config = current_app.config
    place = f"{host}:{port}"
    try:
        with CheckingSMTP(host, port, timeout=10) as server:
            server.ehlo()
            offered = server.has_extn("starttls")
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
    except ssl.SSLCertVerificationError as error:
        return Finding(
            Health.FAULT,
            part,
            _(
                "the certificate of %(place)s cannot be trusted: %(reason)s",
                place=place,
                reason=error.verify_message,
            ),
            _(
                "Set RECRUIT_MAIL_SERVER to the name in the certificate. If your own authority "
                "has signed it, name the authority's file in SSL_CERT_FILE."
            ),
        )
    except (OSError, smtplib.SMTPException) as error:
        return Finding(
            Health.FAULT,
            part,
            _("no contact with %(place)s: %(reason)s", place=place, reason=error),
            _("Check RECRUIT_MAIL_SERVER, RECRUIT_MAIL_PORT and RECRUIT_MAIL_TLS."),
        )
    if offered and not config["MAIL_USE_TLS"]:
        return Finding(
            Health.WARNING,
            part,
            _("%(place)s can encrypt (STARTTLS), but email goes to it in the clear", place=place),
            _("Set RECRUIT_MAIL_TLS to true."),
        )
    return Finding(Health.OK, part, place)


def _kept_documents() -> Finding:
    part = _("Finished documents")
    cache = current_app.extensions["recruit_documents"]
    folder = cache.folder.absolute()
    there = next(place for place in (folder, *folder.parents) if place.exists())
    try:
        # Without a name, so that nothing is left. Asking for the rights would not do: an
        # administrator has them all, and a disk can be read-only.
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        return Finding(
            Health.WARNING,
            part,
            _("%(folder)s cannot be written to: %(reason)s", folder=folder, reason=error.strerror),
            _("Name a folder of the account that runs Recruit in RECRUIT_PDF_CACHE."),
        )
    if there == folder and not cache.is_private:
        return Finding(
            Health.WARNING,
            part,
            _("%(folder)s is open to other accounts, so it is not used", folder=folder),
            _("As the account that runs Recruit, run: chmod 700 %(folder)s", folder=folder),
        )
    return Finding(Health.OK, part, str(folder))


def _pdf() -> Finding:
    part = "PDF"
    page = f'<html lang="sv"><title>Prov</title><style>{PROBE_STYLE}</style><h1>Prov</h1></html>'
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
            _("Open the competency in the library and save it anew, or choose “Put back”."),
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

"""Settings, read once from the environment (RECRUIT_*) or a TOML file, and nowhere else."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
import tomllib
from base64 import urlsafe_b64encode
from datetime import timedelta
from difflib import get_close_matches
from email.utils import getaddresses, parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from email_validator import EmailNotValidError, validate_email
from limits import parse_many
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails
    from sqlalchemy.engine import URL

PREFIX = "RECRUIT_"
DATABASES = {"sqlite", "postgresql+psycopg"}
"""Kinds of database that there is a driver for."""
LIKENESS = 0.8
"""How like a setting's name, 0 to 1, another is that is meant to be it."""
THIS_MACHINE = {"127.0.0.1", "::1", "localhost"}
HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
SENDER_EXPECTED = (
    "an address like recruit@example.org or Recruit <recruit@example.org> was expected"
)


class BadSettings(ValueError):
    """Settings that cannot be used; each line of the text names one setting and its fault."""


class Settings(BaseModel):
    """Every setting of the product; the environment variable is the name with ``RECRUIT_``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database: str = Field(
        "sqlite:///recruit.sqlite3", description="Address of the database (SQLite or PostgreSQL)."
    )
    database_wait: float = Field(
        15, gt=0, le=300, description="Seconds to wait for another write before giving up."
    )
    secret_key: str = Field(
        "", description="Signs sessions; at least 32 characters. Required outside the demo."
    )
    password_salt: str = Field(
        "", description="Salts passwords and encrypts second steps; the secret key if empty."
    )
    trail_key: str = Field(
        "", description="Seals the trail; the secret key if empty. It outlives a new secret key."
    )
    organisation: str = Field("Recruit", description="Name printed on pages and documents.")
    base_url: str = Field("http://127.0.0.1:5000", description="Address that mails link to.")
    hosts: str = Field(
        "", description="Further names under which people reach it, separated by spaces."
    )
    language: Literal["sv", "en"] = Field("sv", description="Language before a user has chosen.")
    timezone: str = Field("Europe/Stockholm", description="Time zone of the organisation.")
    https: bool = Field(default=True, description="Cookies over HTTPS only.")
    proxies: int = Field(
        0, ge=0, le=5, description="Web servers in front, whose word on visitors' addresses holds."
    )
    mail_server: str = Field("", description="SMTP host; empty sends no mail and logs that.")
    mail_port: int = Field(25, ge=1, le=65535, description="SMTP port.")
    mail_tls: bool = Field(default=False, description="STARTTLS towards the SMTP host.")
    mail_username: str = Field("", description="SMTP user, if any.")
    mail_password: str = Field("", description="SMTP password, if any.")
    mail_sender: str = Field("recruit@example.org", description="From address of every mail.")
    reminder_hours: int = Field(
        24, ge=0, le=14 * 24, description="Hours before an interview that its panel is reminded."
    )
    overdue_hours: int = Field(
        24, ge=1, le=30 * 24, description="Hours after an interview before ratings are asked for."
    )
    library: str = Field(
        "", description="Folder with an organisation's own competencies, questions and wordings."
    )
    rate_limit_storage: str = Field(
        "memory://", description="Where login attempts are counted; shared if several processes."
    )
    oidc_issuer: str = Field(
        "", description="The organisation's OpenID Connect provider; empty: people sign in here."
    )
    oidc_client_id: str = Field("", description="What the provider calls this installation.")
    oidc_client_secret: str = Field("", description="How it shows the provider that it is this.")
    oidc_unverified_addresses: bool = Field(
        default=False,
        description="Take addresses of which the provider does not say whether they are verified.",
    )
    two_steps_required: Literal["nobody", "roles", "everybody"] = Field(
        "nobody", description="Of whom two steps are asked; roles: administrators, recruiters."
    )
    sign_in_limit: str = Field("10 per minute", description="Login attempts per address.")
    idle_minutes: int = Field(
        480, ge=15, description="Minutes without use after which a sign-in ends."
    )
    document_limit: str = Field(
        "30 per minute", description="Documents made for one person; kept ones do not count."
    )
    pdf_timeout: int = Field(60, ge=1, description="Seconds of a processor that one PDF may take.")
    pdf_memory: int = Field(2000, ge=500, description="Megabytes that one PDF may take.")
    pdf_cache: str = Field(
        "", description="Folder of finished PDFs; empty: beside the SQLite file, or temporary."
    )
    pdf_cache_size: int = Field(200, ge=0, description="Megabytes of finished PDFs that are kept.")
    metrics_token: str = Field(
        "", description="What a monitoring system shows at /metrics; empty: there is no such page."
    )
    erase_when_due: bool = Field(
        default=False,
        description="Erase a requisition when its time has passed, a month after the warning.",
    )
    privacy_contact: str = Field(
        "", description="Data protection officer, as candidates read it: name, address, telephone."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severe line that is logged."
    )

    @field_validator("database")
    @classmethod
    def _has_a_driver(cls, address: str) -> str:
        try:
            known = make_url(address).drivername in DATABASES
        except ArgumentError:
            known = False
        if not known:
            raise ValueError(
                "an address like sqlite:////srv/recruit/recruit.sqlite3 or "
                "postgresql+psycopg://recruit@localhost/recruit was expected"
            )
        return address

    @field_validator("base_url")
    @classmethod
    def _leads_here(cls, address: str) -> str:
        parts = urlsplit(address)
        name = HOST_NAME.fullmatch(parts.hostname or "")
        if parts.scheme not in {"http", "https"} or not name or parts.query or parts.fragment:
            raise ValueError("an address like https://recruit.example.org was expected")
        return address

    @field_validator("hosts")
    @classmethod
    def _are_names(cls, names: str) -> str:
        for name in names.split():
            # One that begins with a dot would stand for everything below it.
            if not HOST_NAME.fullmatch(name):
                raise ValueError(f"names like recruit.example.org were expected, not {name[:100]}")
        return names

    @field_validator("mail_sender")
    @classmethod
    def _can_be_answered(cls, sender: str) -> str:
        _name, address = parseaddr(sender)
        try:
            if not sender.isprintable() or len(getaddresses([sender])) != 1:
                raise ValueError(SENDER_EXPECTED)
            # Without SMTPUTF8, which not every server on the way understands.
            validate_email(
                address,
                check_deliverability=False,
                allow_smtputf8=False,
                globally_deliverable=False,
            )
        except EmailNotValidError as error:
            raise ValueError(SENDER_EXPECTED) from error
        return sender

    @field_validator("timezone")
    @classmethod
    def _is_on_the_map(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"there is no time zone {name}; one is called Europe/Stockholm")
        return name

    @field_validator("oidc_issuer")
    @classmethod
    def _cannot_be_overheard(cls, address: str) -> str:
        parts = urlsplit(address)
        here = parts.scheme == "http" and parts.hostname in THIS_MACHINE
        if address and not (parts.hostname and (here or parts.scheme == "https")):
            raise ValueError("an address that begins with https:// was expected")
        return address

    @field_validator("sign_in_limit", "document_limit")
    @classmethod
    def _can_be_counted(cls, limit: str) -> str:
        try:
            parse_many(limit)
        except ValueError as error:
            raise ValueError("a limit like 10 per minute was expected") from error
        return limit


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings from ``RECRUIT_CONFIG`` (a TOML file) overridden by the environment.

    Raises BadSettings that names every faulty setting.
    """
    source = os.environ if environment is None else environment
    values: dict[str, object] = {}
    path = source.get(f"{PREFIX}CONFIG")
    if path:
        try:
            values.update(tomllib.loads(Path(path).read_text("utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise BadSettings(f"{path}: {error}") from error
    for name, value in source.items():
        field = name.removeprefix(PREFIX).lower()
        # Others set variables that begin alike: Kubernetes those of a service of that name.
        if name.startswith(PREFIX) and _meant(field):
            values[field] = value
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise BadSettings("\n".join(_fault(found) for found in error.errors())) from error
    return settings


def _meant(name: str) -> str:
    """Return the setting whose name it is but for a slip; empty when there is none."""
    return "".join(get_close_matches(name, Settings.model_fields, 1, LIKENESS))


def _fault(found: ErrorDetails) -> str:
    name = ".".join(map(str, found["loc"]))
    if found["type"] == "extra_forbidden":
        meant = _meant(name)
        return f"{name}: there is no such setting{f'; one is called {meant}' if meant else ''}"
    return f"{name}: {found['msg'].removeprefix('Value error, ')}"


def ephemeral_key() -> str:
    """Return a fresh key for a process that lives alone, such as the demo or a test."""
    return secrets.token_hex(32)


def pdf_cache_folder(settings: Settings, database: URL) -> Path:
    """Return the folder of finished PDFs, which the processes of one machine share.

    ``database`` is the address in use: a relative one of the settings is completed by then.
    """
    if settings.pdf_cache:
        return Path(settings.pdf_cache)
    if database.get_backend_name() == "sqlite" and database.database:
        return Path(f"{database.database}.documents")
    # A name that another account may have taken is noticed, and then nothing is kept.
    return Path(tempfile.gettempdir()) / f"recruit-documents-{os.getuid()}"


def trusted_hosts(settings: Settings) -> list[str]:
    """Return the names under which the application answers.

    This machine is one of them: health checks ask there, and no address is made of the name.
    """
    names = [str(urlsplit(settings.base_url).hostname), *settings.hosts.split()]
    return sorted({*names, "127.0.0.1", "localhost"})


def flask_config(settings: Settings) -> dict[str, object]:
    """Return the settings under the names that Flask and its extensions know.

    Raises BadSettings when the secret key is missing or short, or what a provider needs to know.
    """
    if len(settings.secret_key) < 32:
        raise BadSettings(
            "secret_key: at least 32 characters are needed (RECRUIT_SECRET_KEY). This makes one: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    if settings.trail_key and len(settings.trail_key) < 32:
        raise BadSettings("trail_key: at least 32 characters are needed (RECRUIT_TRAIL_KEY)")
    for name in ("oidc_client_id", "oidc_client_secret"):
        if settings.oidc_issuer and not getattr(settings, name):
            raise BadSettings(f"{name}: the provider of oidc_issuer gives one; it was expected")
    return {
        "SECRET_KEY": settings.secret_key,
        "TRUSTED_HOSTS": trusted_hosts(settings),
        "TRAIL_KEY": _derived(settings.trail_key or settings.secret_key, b"trail"),
        "SQLALCHEMY_DATABASE_URI": settings.database,
        # A file of ten megabytes and the form around it.
        "MAX_CONTENT_LENGTH": 10 * 1024 * 1024 + 64 * 1024,
        "SQLALCHEMY_ENGINE_OPTIONS": {"connect_args": _connect_args(settings)},
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_NAME": "recruit",
        "REMEMBER_COOKIE_SECURE": settings.https,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.https,
        "BABEL_DEFAULT_LOCALE": settings.language,
        "BABEL_DEFAULT_TIMEZONE": settings.timezone,
        "MAIL_SERVER": settings.mail_server,
        "MAIL_PORT": settings.mail_port,
        "MAIL_USE_TLS": settings.mail_tls,
        "MAIL_USERNAME": settings.mail_username or None,
        "MAIL_PASSWORD": settings.mail_password or None,
        "MAIL_DEFAULT_SENDER": settings.mail_sender,
        "MAIL_BACKEND": "smtp" if settings.mail_server else "dummy",
        "MAIL_TIMEOUT": 15,
        "RATELIMIT_STORAGE_URI": settings.rate_limit_storage,
        "RATELIMIT_HEADERS_ENABLED": True,
        "SECURITY_PASSWORD_SALT": settings.password_salt or settings.secret_key,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_LENGTH_MIN": 12,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "SECURITY_EMAIL_SENDER": settings.mail_sender,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_REGISTERABLE": False,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_PASSWORDLESS": False,
        "SECURITY_UNIFIED_SIGNIN": False,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_URL_PREFIX": None,
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_METHODS": None,
        "SECURITY_RESET_URL": "/password/reset",
        "SECURITY_CHANGE_URL": "/password/change",
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_RESET_VIEW": "/",
        "SECURITY_POST_CHANGE_VIEW": "/",
        "SECURITY_RESET_PASSWORD_WITHIN": timedelta(hours=1),
        "SECURITY_LOGIN_USER_TEMPLATE": "web/accounts/sign_in.html",
        "SECURITY_FORGOT_PASSWORD_TEMPLATE": "web/accounts/forgot_password.html",
        "SECURITY_RESET_PASSWORD_TEMPLATE": "web/accounts/reset_password.html",
        "SECURITY_CHANGE_PASSWORD_TEMPLATE": "web/accounts/change_password.html",
        "SECURITY_EMAIL_HTML": False,
        # Its own is not well-formed; every page has the application's.
        "SECURITY_CACHE_CONTROL": None,
        **_second_factors(settings),
    }


def _second_factors(settings: Settings) -> dict[str, object]:
    """Return how codes and passkeys are asked for, and what they are encrypted with."""
    kept = settings.password_salt or settings.secret_key
    key = _derived(kept, b"recovery codes")
    return {
        "SECURITY_FRESHNESS": timedelta(hours=1),
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=15),
        "SECURITY_VERIFY_URL": "/sign-in/again",
        "SECURITY_VERIFY_TEMPLATE": "web/accounts/verify.html",
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        # The code before and the one after: a clock may be half a minute wrong.
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
        "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "web/accounts/code.html",
        "SECURITY_TOTP_SECRETS": {"1": kept},
        # As an app lists it; the standard keeps the colon for itself.
        "SECURITY_TOTP_ISSUER": " ".join(
            dict.fromkeys(("Recruit", *settings.organisation.replace(":", " ").split()))
        ),
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 10,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [urlsafe_b64encode(key)],
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery-code",
        "SECURITY_MULTI_FACTOR_RECOVERY_TEMPLATE": "web/accounts/recovery_code.html",
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": "Recruit",
        "SECURITY_WAN_ALLOW_USER_HINTS": False,
        "SECURITY_WAN_ALLOW_AS_VERIFY": ["first"],
        "SECURITY_WAN_REGISTER_URL": "/account/passkeys",
        "SECURITY_WAN_REGISTER_TEMPLATE": "web/accounts/passkeys.html",
        "SECURITY_WAN_DELETE_URL": "/account/passkeys/remove",
        "SECURITY_WAN_SIGNIN_URL": "/sign-in/passkey",
        "SECURITY_WAN_SIGNIN_TEMPLATE": "web/accounts/passkey.html",
        "SECURITY_WAN_VERIFY_URL": "/sign-in/again/passkey",
        "SECURITY_WAN_VERIFY_TEMPLATE": "web/accounts/verify_passkey.html",
    }


def _derived(key: str, purpose: bytes) -> bytes:
    """Return a key that serves one purpose, from one that serves several."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key.encode())


def _connect_args(settings: Settings) -> dict[str, object]:
    if settings.database.startswith("sqlite"):
        return {"timeout": settings.database_wait}
    return {"options": f"-c lock_timeout={int(settings.database_wait * 1000)}"}

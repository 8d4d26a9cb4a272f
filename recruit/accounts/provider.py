"""The organisation's own OpenID Connect provider, which people may sign in with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import current_app
from joserfc.errors import JoseError
from requests.exceptions import RequestException

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

    from recruit.config import Settings

NAME = "organisation"
DISCOVERY = "/.well-known/openid-configuration"
PATIENCE = 10
"""Seconds that the provider has for each answer."""
NOT_AS_PRESCRIBED = (RequestException, KeyError, RuntimeError, TypeError, ValueError)
"""What Authlib raises at answers that are none, or lack what OpenID Connect prescribes."""
LONGEST_SUBJECT = 255
"""Characters, as OpenID Connect prescribes."""


class ProviderIsAway(RuntimeError):
    """The provider does not answer, or not as OpenID Connect prescribes."""


class SignInIsRefused(RuntimeError):
    """The provider, or the person there, did not complete the sign-in; or it was not begun here."""


@dataclass(frozen=True)
class Claims:
    """What the provider says of a person.

    ``subject`` is theirs there for ever. ``email`` is empty when the provider does not stand for
    it.
    """

    subject: str
    email: str


def register(app: Flask, settings: Settings) -> None:
    """Make the provider of the settings known, if there is one."""
    if settings.oidc_issuer:
        OAuth(app).register(
            NAME,
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            server_metadata_url=settings.oidc_issuer.rstrip("/") + DISCOVERY,
            client_kwargs={
                "scope": "openid email",
                "code_challenge_method": "S256",
                "default_timeout": PATIENCE,
            },
        )


def issuer() -> str:
    """Return the provider's name; empty when people sign in here only."""
    return str(current_app.config["RECRUIT_OIDC_ISSUER"]).rstrip("/")


def _client() -> Any:
    return current_app.extensions["authlib.integrations.flask_client"].create_client(NAME)


def check() -> None:
    """Ask the provider what it offers. Raises ProviderIsAway."""
    try:
        known = _client().load_server_metadata()
    except NOT_AS_PRESCRIBED as error:
        raise ProviderIsAway(type(error).__name__) from error
    # Whoever answers in another's name could send people anywhere.
    name = str(known.get("issuer"))
    if name.rstrip("/") != issuer():
        raise ProviderIsAway(f"it calls itself {name[:100]}")


def begin(return_to: str) -> Response:
    """Send the visitor to the provider, which sends them back. Raises ProviderIsAway."""
    check()
    try:
        answer: Response = _client().authorize_redirect(return_to)
    except NOT_AS_PRESCRIBED as error:
        raise ProviderIsAway(type(error).__name__) from error
    return answer


def finish() -> Claims:
    """Return what the provider says of the visitor whom it has sent back.

    Raises SignInIsRefused and ProviderIsAway.
    """
    check()
    client = _client()
    try:
        token = client.authorize_access_token()
        claims = token.get("userinfo")
        if not claims:
            raise ProviderIsAway("no ID token")
        told = _told(client, token, claims)
    except (OAuthError, JoseError) as error:
        raise SignInIsRefused(type(error).__name__) from error
    except NOT_AS_PRESCRIBED as error:
        raise ProviderIsAway(type(error).__name__) from error
    if told.get("sub") != claims["sub"] or len(claims["sub"]) > LONGEST_SUBJECT:
        raise SignInIsRefused("another person's answer")
    email = str(told.get("email") or "") if _stands_for_address(told) else ""
    return Claims(claims["sub"], email)


def _told(client: Any, token: Any, claims: dict[str, Any]) -> dict[str, Any]:
    """Return the claims of the ID token, or, where it is silent, those of the userinfo answer.

    Some providers tell no more in the token than who it is.
    """
    if "email" in claims and "email_verified" in claims:
        return claims
    if "email" in claims and "userinfo_endpoint" not in client.load_server_metadata():
        return claims
    answer: dict[str, Any] = client.userinfo(token=token)
    return answer


def _stands_for_address(claims: dict[str, Any]) -> bool:
    """Tell whether the provider says that the address is the person's own."""
    if "email_verified" not in claims:
        return bool(current_app.config["RECRUIT_OIDC_UNVERIFIED_ADDRESSES"])
    verified = claims["email_verified"]
    # Some write the word in place of the value.
    return verified is True or (isinstance(verified, str) and verified.lower() == "true")

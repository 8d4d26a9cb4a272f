"""Which passwords are taken: long ones that nobody guesses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import gettext as _
from flask_security import PasswordUtil
from zxcvbn import zxcvbn

if TYPE_CHECKING:
    from collections.abc import Iterable

STRONG = 3
"""Least of zxcvbn's scores, 0 to 4: more than a hundred million guesses."""
LONGEST_ESTIMATED = 72
"""Characters that are looked at: the time that it takes grows faster than the length."""


def is_guessable(password: str, *own_words: str) -> bool:
    """Tell whether a password is common, a pattern, or made of words that stand near the person.

    ``own_words`` are the person's name and address; the organisation's name is added.
    """
    organisation = str(current_app.config["RECRUIT_ORGANISATION"])
    words = list(_parts((*own_words, organisation, "Recruit")))
    estimate = zxcvbn(password[:LONGEST_ESTIMATED], user_inputs=words)
    return int(estimate["score"]) < STRONG


def _parts(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        yield text.lower()
        yield from re.findall(r"\w{3,}", text.lower())


def guessable_text() -> str:
    """Return what somebody reads whose password is guessable."""
    text: str = _(
        "That password can be guessed: it is common, follows a pattern, or is made of names that "
        "stand near you. Take four or more words that do not belong together."
    )
    return text


class Passwords(PasswordUtil):  # type: ignore[misc]
    """Refuses short passwords, and those that can be guessed."""

    def validate(
        self,
        password: str,
        is_register: bool,  # noqa: FBT001 - as it is called
        **context: Any,
    ) -> tuple[list[str] | None, str]:
        """Return what is wrong with a password, and the password in the form that is kept."""
        faults, normalized = super().validate(password, is_register, **context)
        user = context.get("user")
        own_words = (user.name, user.email) if user else ()
        if not faults and is_guessable(normalized, *own_words):
            faults = [guessable_text()]
        return faults, normalized

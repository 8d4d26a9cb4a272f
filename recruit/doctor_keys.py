"""What was encrypted or sealed with another key than that of the settings."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from recruit.accounts.models import User
from recruit.audit.chain import key_mark
from recruit.audit.models import AuditEnd
from recruit.database import db
from recruit.extensions import security
from recruit.findings import Finding, Health


def second_steps() -> Finding:
    """Find people whose codes can no longer be checked."""
    part = _("Two-step sign-in")
    people = db.session.scalars(select(User).where(User.tf_primary_method.is_not(None)))
    unreadable = sum(not _is_readable(person) for person in people)
    if unreadable:
        return Finding(
            Health.FAULT,
            part,
            ngettext(
                "the codes of %(num)d person are encrypted with another key",
                "the codes of %(num)d people are encrypted with another key",
                unreadable,
            ),
            _(
                "Put the earlier RECRUIT_PASSWORD_SALT back, or the earlier secret key in it. "
                "Without it their passwords do not hold either, and they need a new link "
                "(recruit user one-step ADDRESS)."
            ),
        )
    return Finding(Health.OK, part, _("every code can be checked"))


def _is_readable(person: User) -> bool:
    # What apps make codes of is encrypted in a way that fits any key; recovery codes are not.
    codes = security.mf_recovery_codes_util.get_recovery_codes(person)
    return bool(codes) or not person.mf_recovery_codes


def trail_key() -> Finding:
    """Find a trail that is sealed with another key."""
    part = _("Trail")
    end = db.session.scalar(select(AuditEnd))
    if end is not None and end.key_mark != key_mark():
        return Finding(
            Health.FAULT,
            part,
            _("it is sealed with another key"),
            _("Put the earlier secret key in RECRUIT_TRAIL_KEY before anything more is written."),
        )
    return Finding(Health.OK, part, _("it is sealed with the key of the settings"))

"""Putting reminders in the outbox, each once, and taking back those that are no longer due."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import current_app

from recruit.database import now, write
from recruit.interviews.letters import about, overdue_reminder, reminder
from recruit.mail.actions import drop, put
from recruit.mail.models import DeliveryState
from recruit.mail.queries import deliveries_about, waiting_of_kind
from recruit.reminders.queries import interviews_ahead, ratings_missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from recruit.interviews.models import PanelMember
    from recruit.mail.models import Delivery

AGAIN = timedelta(days=2)
MOST = 3
"""How often somebody is reminded of the same missing ratings."""


def remind() -> None:
    """Remind of interviews that come and of ratings that are missing.

    May run as often as one likes and in several processes: a reminder has a key, and a key is used
    once. Who was told of the interview within the time of the reminder needs none.
    """
    moment = now()
    ahead = timedelta(hours=current_app.config["RECRUIT_REMINDER_HOURS"])
    since = timedelta(hours=current_app.config["RECRUIT_OVERDUE_HOURS"])
    with write():
        coming = interviews_ahead(moment, ahead)
        missing = ratings_missing(moment, since)
        _take_back("reminder_interview", coming)
        _take_back("reminder_overdue", missing)
        mails = deliveries_about({about(m.interview_id) for m in (*coming, *missing)})
        for member in coming:
            told = _to(member, mails)
            if not any(d.created_at > member.interview.starts_at - ahead for d in told):
                put(reminder(member.interview, member.user))
        for member in missing:
            earlier = [d for d in _to(member, mails) if d.kind == "reminder_overdue"]
            if _is_due(earlier, moment):
                put(overdue_reminder(member.interview, member.user, len(earlier) + 1, moment))


def _is_due(earlier: Sequence[Delivery], moment: datetime) -> bool:
    return len(earlier) < MOST and all(d.created_at <= moment - AGAIN for d in earlier)


def _to(member: PanelMember, mails: Mapping[str, Sequence[Delivery]]) -> list[Delivery]:
    """Return what the person was sent about the interview; what was taken back does not count."""
    return [
        delivery
        for delivery in mails.get(about(member.interview_id), ())
        if delivery.recipient == member.user.recipient
        and (delivery.state != DeliveryState.DROPPED or delivery.kind == "reminder_overdue")
    ]


def _take_back(kind: str, members: Sequence[PanelMember]) -> None:
    """Drop reminders that wait though they are no longer due: moved, cancelled, submitted."""
    due = {(about(member.interview_id), member.user.recipient) for member in members}
    for delivery in waiting_of_kind(kind):
        if (delivery.about, delivery.recipient) not in due:
            drop(delivery.about, delivery.recipient, kind)

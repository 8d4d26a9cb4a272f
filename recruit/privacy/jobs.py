"""Jobs of privacy."""

from __future__ import annotations

from flask import current_app

from recruit.jobs.queue import jobs
from recruit.privacy import actions


@jobs.job(minutes=30)
def erase_what_is_due() -> None:
    """Warn of what is soon due and erase what is, if the organisation wants that."""
    if current_app.config["RECRUIT_ERASE_WHEN_DUE"]:
        actions.warn()
        actions.erase_due()
    actions.sweep()

"""Jobs of reminders."""

from __future__ import annotations

from recruit.jobs.queue import jobs
from recruit.reminders import actions


@jobs.job(minutes=1)
def remind() -> None:
    """Remind whoever is due."""
    actions.remind()

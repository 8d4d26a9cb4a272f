"""Jobs of candidates."""

from __future__ import annotations

from recruit.candidates import actions
from recruit.jobs.queue import jobs


@jobs.job(minutes=30)
def forget_imports() -> None:
    """Delete tables that nobody has confirmed in time: they hold names and addresses."""
    actions.forget_imports()

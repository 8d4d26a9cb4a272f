"""Jobs of privacy."""

from __future__ import annotations

import structlog
from flask import current_app

from recruit.audit import queries as audit
from recruit.jobs.queue import jobs
from recruit.privacy import actions

log = structlog.get_logger()


@jobs.job(minutes=30)
def write_out_where_the_trail_ends() -> None:
    """Tell the log where the trail ends: whoever cuts it later cannot reach what left the machine.

    ``recruit trail verify`` takes both figures.
    """
    end = audit.head()
    log.info("trail.end", count=end.count, head=end.digest)


@jobs.job(minutes=30)
def erase_what_is_due() -> None:
    """Warn of what is soon due and erase what is, if the organisation wants that."""
    if current_app.config["RECRUIT_ERASE_WHEN_DUE"]:
        actions.warn()
        actions.erase_due()
    actions.sweep()

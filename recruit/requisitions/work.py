"""What every feature asks before it writes: whether the requisition's state allows it.

The answer stands in ``models.ALLOWED``, and the ways between the states in ``models.TRANSITIONS``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recruit.requisitions.models import TRANSITIONS, RequisitionState
from recruit.requisitions.queries import locked

if TYPE_CHECKING:
    from recruit.requisitions.models import Requisition, Work


class RequisitionHasEnded(ValueError):
    """The requisition's state does not allow what was wanted."""


class RequisitionIsDecided(RequisitionHasEnded):
    """A decision has been made in the requisition."""


class RequisitionIsClosed(RequisitionHasEnded):
    """The requisition is closed."""


class RequisitionIsErased(RequisitionHasEnded):
    """The requisition has been erased already."""


ENDINGS: dict[RequisitionState, type[RequisitionHasEnded]] = {
    RequisitionState.DECIDED: RequisitionIsDecided,
    RequisitionState.CLOSED: RequisitionIsClosed,
    RequisitionState.ERASED: RequisitionIsErased,
}


def check_allows(requisition: Requisition, work: Work) -> None:
    """Raise RequisitionHasEnded, of the kind that says how, unless the work may be done."""
    if not requisition.allows(work):
        raise ENDINGS[RequisitionState(requisition.state)](f"{work} in {requisition.id}")


def locked_for(requisition_id: int, work: Work) -> Requisition:
    """Return the requisition, which allows the work until the running write transaction ends.

    It is asked for first in a transaction, before anything else is locked: so no two wait for each
    other. Raises RequisitionHasEnded and NoResultFound.
    """
    requisition = locked(requisition_id)
    check_allows(requisition, work)
    return requisition


def enter(requisition: Requisition, state: RequisitionState) -> None:
    """Take the requisition to a state, within the caller's transaction.

    Raises RequisitionHasEnded.
    """
    current = RequisitionState(requisition.state)
    if state not in TRANSITIONS[current]:
        raise ENDINGS.get(current, RequisitionHasEnded)(f"{current} to {state}")
    requisition.state = state

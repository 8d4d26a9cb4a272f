"""How far those on a panel are from the training that their requisition requires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recruit.guides.queries import content
from recruit.training import queries as training
from recruit.training.queries import Seat, Standing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from recruit.interviews.models import Interview


def panel_standings(
    interviews: Collection[Interview], user_id: int | None = None
) -> Mapping[tuple[int, int], Standing]:
    """Return each panel member's standing, or one person's, by interview and user id.

    Empty for interviews of requisitions that require no training.
    """
    required = training.requirements({one.requisition_id for one in interviews})
    interviews = [one for one in interviews if one.requisition_id in required]
    if not interviews:
        return {}
    versions = {one.guide_version_id: one.guide_version for one in interviews}
    asked = {key: content(version).competencies for key, version in versions.items()}
    seats = {
        (one.id, member.user_id): Seat(
            one.requisition_id, member.user_id, asked[one.guide_version_id]
        )
        for one in interviews
        for member in one.panel
        if user_id in {None, member.user_id}
    }
    found = training.standings(set(seats.values()), required)
    return {place: found[seat] for place, seat in seats.items()}

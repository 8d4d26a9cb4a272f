"""Writes of interview guides: one verb, one transaction, one audit event.

What is worked on is the draft (``recruit.core.draft``), stored step by step; after every step the
draft versions of the rounds say the same. Every write first locks the requisition, so that two
recruiters queue; the revision then tells the second one that their page is outdated.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import delete

from recruit.audit.actions import record
from recruit.core import draft as drafts
from recruit.core import draft_guide
from recruit.core.draft import Draft
from recruit.core.guide import Guide as GuideContent
from recruit.core.profile import Profile
from recruit.core.remarks import remarks
from recruit.core.text import written
from recruit.database import db, now, write
from recruit.guides import queries
from recruit.guides.models import (
    AskedQuestion,
    DraftStep,
    FlaggedWording,
    Guide,
    GuideDraft,
    GuideState,
    GuideVersion,
)
from recruit.guides.queries import guides, in_state, to_publish, working
from recruit.requisitions.models import Work
from recruit.requisitions.work import locked_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from recruit.core.guide import GuideRound
    from recruit.core.library import Library
    from recruit.requisitions.models import Requisition

STEPS_KEPT = 100
"""Edits that can be undone."""
LEAST_REASON, LONGEST_REASON = 10, 500
"""Letters at least, and characters at most, of a reason for publishing flagged wording."""


class NothingToPublish(ValueError):
    """The requisition has no draft."""


class RoundIsEmpty(ValueError):
    """A round of the draft asks nothing."""


class ReasonsAreMissing(ValueError):
    """Wording is flagged, and no reason is given for publishing it all the same."""


class DraftHasChanged(ValueError):
    """Somebody else, or another window, changed the draft after the page was shown."""


class NothingToUndo(ValueError):
    """There is no earlier, or no later, step."""


def generate(requisition_id: int, library: Library, *, actor_id: int) -> list[GuideVersion]:
    """Plan every round anew and store one draft per round, in place of earlier drafts.

    What the recruiter decided about single questions is kept. Raises ``planner.NoPlan`` when no
    plan can be made; nothing is changed then.
    """
    edit(requisition_id, None, "generate", drafts.replan, library=library, actor_id=actor_id)
    return [
        version
        for guide in guides(requisition_id)
        for version in guide.versions
        if version.state == GuideState.DRAFT
    ]


def edit(
    requisition_id: int,
    revision: int | None,
    verb: str,
    change: Callable[[Draft, Library], Draft],
    *,
    library: Library,
    actor_id: int,
) -> Draft:
    """Store the draft that ``change`` makes of the present one as the next step.

    ``revision`` is that of the page on which the edit was made; None means whatever there is.
    Raises DraftHasChanged, and what ``change`` raises; nothing is changed then.
    """
    before = working(requisition_id, library)
    # Outside the transaction: planning takes time, and others should not wait for it.
    after = change(before.draft, library)
    if revision is not None and before.revision != revision:
        raise DraftHasChanged(requisition_id)
    content = _composed(after, library, before.language)
    with write():
        requisition = locked_for(requisition_id, Work.RECRUIT)
        stored = _stored(requisition_id, before.revision)
        number = 1 if stored is None else stored.step + 1
        if stored is None:
            stored = GuideDraft(requisition_id=requisition_id, step=number)
            db.session.add(stored)
            db.session.flush()
            if not before.draft.is_blank:
                _add_step(requisition_id, 0, "start", before.draft, actor_id)
        db.session.execute(
            delete(DraftStep).where(
                DraftStep.requisition_id == requisition_id,
                (DraftStep.number >= number) | (DraftStep.number <= number - STEPS_KEPT),
            )
        )
        _add_step(requisition_id, number, verb, after, actor_id)
        stored.step = number
        _show(stored, requisition, after, content)
        _record(verb, stored, actor_id)
    return after


def recover(requisition_id: int, library: Library, *, actor_id: int) -> Draft:
    """Begin the draft anew with what can be read of the guides; published versions stay.

    The way out where ``queries.working`` raises GuideIsUnreadable.
    """
    draft = queries.readable(requisition_id, library)
    with write():
        requisition = locked_for(requisition_id, Work.RECRUIT)
        stored = db.session.get(GuideDraft, requisition_id, populate_existing=True)
        if stored is None:
            stored = GuideDraft(requisition_id=requisition_id, step=1)
            db.session.add(stored)
            db.session.flush()
        # What cannot be read cannot be gone back to.
        db.session.execute(delete(DraftStep).where(DraftStep.requisition_id == requisition_id))
        stored.step = 1
        _add_step(requisition_id, 1, "recover", draft, actor_id)
        _show(stored, requisition, draft, _composed(draft, library, requisition.language))
        _record("recover", stored, actor_id)
    return draft


def undo(requisition_id: int, revision: int, *, library: Library, actor_id: int) -> Draft:
    """Go back one step. Raises NothingToUndo and DraftHasChanged."""
    return _go(requisition_id, revision, -1, library=library, actor_id=actor_id)


def redo(requisition_id: int, revision: int, *, library: Library, actor_id: int) -> Draft:
    """Go forward to the step that was undone last. Raises NothingToUndo and DraftHasChanged."""
    return _go(requisition_id, revision, 1, library=library, actor_id=actor_id)


def _go(
    requisition_id: int, revision: int, steps: int, *, library: Library, actor_id: int
) -> Draft:
    with write():
        requisition = locked_for(requisition_id, Work.RECRUIT)
        stored = _stored(requisition_id, revision)
        if stored is None:
            raise NothingToUndo(requisition_id)
        step = db.session.get(DraftStep, (requisition_id, stored.step + steps))
        if step is None:
            raise NothingToUndo(requisition_id)
        draft = Draft.model_validate(step.content)
        stored.step = step.number
        _show(stored, requisition, draft, _composed(draft, library, requisition.language))
        _record("undo" if steps < 0 else "redo", stored, actor_id)
    return draft


def publish(
    requisition_id: int,
    *,
    actor_id: int,
    revision: int | None = None,
    reasons: Mapping[str, str] | None = None,
) -> list[GuideVersion]:
    """Publish the drafts; what was in force before is superseded.

    A round that says what its version in force says keeps that version, and a round that the
    process no longer has is not in force any more. ``reasons`` are by the keys of the remarks on
    what is published. Raises NothingToPublish, RoundIsEmpty, ReasonsAreMissing and
    DraftHasChanged.
    """
    with write():
        locked_for(requisition_id, Work.RECRUIT)
        stored = db.session.get(GuideDraft, requisition_id)
        if revision is not None and (stored is None or stored.revision != revision):
            raise DraftHasChanged(requisition_id)
        found = guides(requisition_id)
        drafted = {guide.id: in_state(guide, GuideState.DRAFT) for guide in found}
        if not any(drafted.values()):
            raise NothingToPublish(requisition_id)
        if any(draft and not draft.content["rounds"][0]["sections"] for draft in drafted.values()):
            raise RoundIsEmpty(requisition_id)
        flagged = _flagged(to_publish(found), reasons or {})
        published = []
        for guide in found:
            draft, in_force = drafted[guide.id], in_state(guide, GuideState.PUBLISHED)
            if draft is not None and draft.id not in flagged:
                guide.versions.remove(draft)
                continue
            if in_force is not None:
                in_force.state = GuideState.SUPERSEDED
            if draft is not None:
                round_ = draft.content["rounds"][0]
                guide.name, guide.minutes = round_["name"], round_["minutes"]
                draft.state = GuideState.PUBLISHED
                draft.published_at = now()
                draft.published_by_id = actor_id
                draft.flagged = flagged[draft.id]
                published.append(draft)
        if stored is not None:
            stored.revision += 1
        db.session.flush()
        record(
            "guide.publish",
            actor_id=actor_id,
            subject=f"requisition:{requisition_id}",
            requisition_id=requisition_id,
            versions=[version.id for version in published],
        )
        _record_reasons(published, requisition_id, actor_id)
    return published


def _flagged(
    versions: Iterable[GuideVersion], reasons: Mapping[str, str]
) -> dict[int, list[FlaggedWording]]:
    """Return what is flagged in each version with its reason. Raises ReasonsAreMissing."""
    told = {key: written(reason) for key, reason in reasons.items()}
    flagged: dict[int, list[FlaggedWording]] = {}
    for version in versions:
        flagged[version.id] = [
            FlaggedWording(
                key=remark.key,
                position=position,
                part=remark.part,
                question=remark.question,
                number=remark.number,
                ground=remark.flag.ground,
                words=remark.flag.found,
                law=remark.flag.reason,
                reason=told.get(remark.key, ""),
            )
            for position, remark in enumerate(remarks(queries.content(version)))
        ]
    for item in chain.from_iterable(flagged.values()):
        if not is_reason(item.reason):
            raise ReasonsAreMissing(item.key)
    return flagged


def is_reason(text: str) -> bool:
    """Tell whether a text can stand as a reason: it says something, and is no essay."""
    return sum(map(str.isalnum, text)) >= LEAST_REASON and len(text) <= LONGEST_REASON


def _record_reasons(versions: Iterable[GuideVersion], requisition_id: int, actor_id: int) -> None:
    for version in versions:
        for item in version.flagged:
            record(
                "guide.publish.flagged",
                actor_id=actor_id,
                subject=f"requisition:{requisition_id}",
                requisition_id=requisition_id,
                version=version.id,
                part=item.part,
                question=item.question,
                ground=item.ground,
                reason=item.reason,
            )


def take_up(requisition_id: int, verb: str, library: Library, *, actor_id: int) -> None:
    """Let the draft say what the newest versions say, within the running write transaction.

    It is a step like any other and can be undone. Before the first step there is nothing to tell:
    the builder then reads the versions itself.
    """
    stored = db.session.get(GuideDraft, requisition_id, populate_existing=True)
    if stored is None:
        return
    requisition = locked_for(requisition_id, Work.RECRUIT)
    newest = {
        guide.position: GuideContent.model_validate(guide.versions[-1].content)
        for guide in guides(requisition_id)
        if guide.versions
    }
    profile = Profile.model_validate(requisition.profile)
    draft = draft_guide.read_back(newest, profile, library)
    stored.step += 1
    stored.revision += 1
    db.session.execute(
        delete(DraftStep).where(
            DraftStep.requisition_id == requisition_id,
            (DraftStep.number >= stored.step) | (DraftStep.number <= stored.step - STEPS_KEPT),
        )
    )
    _add_step(requisition_id, stored.step, verb, draft, actor_id)


def _stored(requisition_id: int, revision: int) -> GuideDraft | None:
    """Return the draft, None before the first step. Raises DraftHasChanged."""
    stored = db.session.get(GuideDraft, requisition_id, populate_existing=True)
    if (stored.revision if stored else 0) != revision:
        raise DraftHasChanged(requisition_id)
    return stored


def _add_step(requisition_id: int, number: int, verb: str, draft: Draft, actor_id: int) -> None:
    db.session.add(
        DraftStep(
            requisition_id=requisition_id,
            number=number,
            edit=verb,
            content=draft.model_dump(mode="json"),
            made_by_id=actor_id,
        )
    )


def _composed(draft: Draft, library: Library, language: str) -> GuideContent | None:
    return None if draft.is_blank else draft_guide.compose(draft, library, language)


def _show(
    stored: GuideDraft, requisition: Requisition, draft: Draft, content: GuideContent | None
) -> None:
    """Let profile and draft versions say what the draft says; a blank one has no versions."""
    stored.revision = (stored.revision or 0) + 1
    profile = draft.profile.model_dump(mode="json")
    if requisition.profile != profile:
        requisition.profile = profile
        requisition.level, requisition.sector = draft.profile.level, draft.profile.sector
    rounds: dict[int, GuideContent] = {}
    if content is not None:
        rounds = {n + 1: draft_guide.single_round(content, n) for n in range(len(content.rounds))}
    put_drafts(requisition.id, rounds)
    for guide in guides(requisition.id):
        version = in_state(guide, GuideState.DRAFT)
        if version is not None and guide.position not in rounds:
            guide.versions.remove(version)
    db.session.flush()


def put_drafts(requisition_id: int, rounds: Mapping[int, GuideContent]) -> list[GuideVersion]:
    """Let the draft versions of rounds say the contents, which hold one round each, by position.

    Happens within the running write transaction. A guide in force keeps its name and length until
    the draft is published.
    """
    stored = {guide.position: guide for guide in guides(requisition_id)}
    put = []
    for position, content in sorted(rounds.items()):
        (planned,) = content.rounds
        guide = stored.get(position)
        if guide is None:
            guide = Guide(requisition_id=requisition_id, position=position)
        if not in_state(guide, GuideState.PUBLISHED):
            guide.name, guide.minutes = planned.name, planned.minutes
        db.session.add(guide)
        version = in_state(guide, GuideState.DRAFT)
        if version is None:
            version = GuideVersion(number=len(guide.versions) + 1, state=GuideState.DRAFT)
            guide.versions.append(version)
        version.content = content.as_json()
        _ask(version, planned)
        put.append(version)
    return put


def _ask(version: GuideVersion, planned: GuideRound) -> None:
    """Let the version be found by the questions of the library that it asks."""
    keys = [
        question.id
        for section in planned.sections
        for question in section.questions
        if not question.id.startswith(drafts.OWN)
    ]
    stored = {item.question: item for item in version.asked}
    for key, item in stored.items():
        if key not in keys:
            version.asked.remove(item)
    version.asked.extend(AskedQuestion(question=key) for key in keys if key not in stored)


def _record(verb: str, stored: GuideDraft, actor_id: int) -> None:
    record(
        f"guide.{verb}",
        actor_id=actor_id,
        subject=f"requisition:{stored.requisition_id}",
        requisition_id=stored.requisition_id,
        revision=stored.revision,
    )

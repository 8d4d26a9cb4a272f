"""The interview page and its saves: an interviewer's own, and what is entered from paper."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import flash, jsonify, redirect, render_template, request
from flask_babel import format_decimal, format_time, get_locale
from flask_babel import gettext as _
from flask_security import current_user

from recruit.core.profile import CLOSING_MINUTES, OPENING_MINUTES
from recruit.interviews.queries import guide_of
from recruit.interviews.queries import interview as find_interview
from recruit.interviews.training import panel_standings
from recruit.requisitions.work import RequisitionHasEnded
from recruit.scorecards import actions, queries
from recruit.scorecards.entries import Entries, Gap, entries_of
from recruit.scorecards.forms import as_fields, check_person, read_entries, read_version
from recruit.scorecards.limits import LONGEST_SCORECARD, Overrun, TextsAreTooLong

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flask import Response
    from flask.typing import ResponseReturnValue

    from recruit.accounts.models import User
    from recruit.core.guide import Guide
    from recruit.interviews.models import Interview
    from recruit.scorecards.models import Scorecard
    from recruit.training.queries import Standing


@dataclass(frozen=True)
class InterviewPage:
    """One scorecard to fill in, by its owner or, from ``paper``, by somebody else.

    ``address`` is where the page is read and submitted, ``draft_address`` where it is saved
    meanwhile. A save, which comes every other second, reads no more than it needs.
    """

    requisition_id: int
    interview_id: int
    owner: User
    address: str
    draft_address: str
    paper: bool = False

    def show(
        self,
        *,
        entries: Entries | None = None,
        gaps: Sequence[Gap] = (),
        overruns: Sequence[Overrun] = (),
        conflict: bool = False,
        early: bool = False,
    ) -> str:
        """Return the page with what is stored, or with ``entries`` that were sent.

        ``gaps`` is what kept it from being submitted, ``overruns`` what kept ``entries`` from being
        stored at all. ``conflict`` tells that ``entries`` are not stored, because the scorecard was
        saved elsewhere meanwhile: the page shows both. ``early`` asks whether to submit before the
        interview has begun.
        """
        guide = self._guide
        interview = find_interview(self.requisition_id, self.interview_id)
        scorecard = self._scorecard()
        stored = entries_of(scorecard) if scorecard else Entries()
        saved = as_fields(stored, guide)
        shown = entries or stored
        return render_template(
            "web/scorecards/fill.html",
            page=self,
            interview=interview,
            training=self._training(interview),
            guide=guide,
            entries=shown,
            gaps=gaps,
            overruns=_told(overruns, guide),
            longest_scorecard=LONGEST_SCORECARD,
            start_mark=actions.start_mark(interview) if early else "",
            saved=saved,
            saved_at=clock_time(scorecard.saved_at) if scorecard else "",
            version=scorecard.version if scorecard else 0,
            opening_minutes=OPENING_MINUTES,
            closing_minutes=CLOSING_MINUTES,
            reopened=scorecard.submissions[-1] if scorecard and scorecard.submissions else None,
            differences=_differences(as_fields(shown, guide), saved, guide) if conflict else (),
        )

    def state(self, **more: Any) -> Response:
        """Return as JSON what the server holds: ``version``, ``saved_at`` and every field."""
        scorecard = self._scorecard()
        return jsonify(
            version=scorecard.version if scorecard else 0,
            saved_at=clock_time(scorecard.saved_at) if scorecard else "",
            fields=as_fields(entries_of(scorecard) if scorecard else Entries(), self._guide),
            **more,
        )

    def save(self) -> ResponseReturnValue:
        """Store what was sent as a draft; the answer names the new version and the time.

        On a conflict the answer holds what is stored, so that the page can show both.
        """
        entries, version = self._sent()
        # Found before the write: after it, who is signed in would be read once more for this alone.
        get_locale()
        try:
            saved = actions.save(
                self.interview_id, self.owner.id, entries, version, actor_id=current_user.id
            )
        except actions.ScorecardConflict:
            return self.state(
                error=_("The scorecard was saved elsewhere meanwhile. Nothing was overwritten."),
                code="ScorecardConflict",
            ), 409
        except TextsAreTooLong as error:
            told = [text for _, text in _told(error.overruns, self._guide)]
            return jsonify(error=" ".join(told), code="TextsAreTooLong"), 422
        return jsonify(version=saved.version, saved_at=clock_time(saved.saved_at))

    def submit(self, *, done: str, then: str) -> ResponseReturnValue:
        """Submit what was sent, say that it is ``done``, and go to the address ``then``.

        With the button for a draft, or something missing, it is stored and stays open.
        """
        entries, version = self._sent()
        draft = request.form.get("action") == "draft"
        whose = self.interview_id, self.owner.id
        try:
            if draft:
                actions.save(*whose, entries, version, actor_id=current_user.id)
            else:
                actions.submit(
                    *whose,
                    entries,
                    version,
                    actor_id=current_user.id,
                    ahead_of=request.form.get("ahead_of", ""),
                )
        except actions.InterviewIsCancelled:
            # Nothing more is stored: the page shows what was sent, to be copied.
            return self.show(entries=entries), 409
        except actions.InterviewHasNotBegun:
            return self.show(early=True), 409
        except actions.ScorecardConflict:
            return self.show(entries=entries, conflict=True), 409
        except TextsAreTooLong as error:
            return self.show(entries=entries, overruns=error.overruns), 422
        except RequisitionHasEnded:
            # The page itself says what has ended, and that the text is kept.
            return self.show(), 409
        except actions.ScorecardIncomplete as error:
            return self.show(gaps=error.gaps), 422
        flash(_("The draft is saved.") if draft else done, "success")
        return redirect(self.address if draft else then)

    def _sent(self) -> tuple[Entries, int]:
        check_person(request.form, current_user.id)
        entries = read_entries(request.form, self._guide)
        return entries, read_version(request.form)

    @cached_property
    def _guide(self) -> Guide:
        return guide_of(self.requisition_id, self.interview_id)

    def _training(self, interview: Interview) -> Standing | None:
        """Return how far the owner is from the training that is required of them."""
        if self.paper:
            return None
        return panel_standings([interview], self.owner.id).get((interview.id, self.owner.id))

    def _scorecard(self) -> Scorecard | None:
        return queries.own_scorecard(self.interview_id, self.owner.id)


def clock_time(moment: Any) -> str:
    """Return a moment as hours and minutes on the organisation's clock."""
    return str(format_time(moment, "HH:mm"))


def _differences(
    sent: dict[str, str], saved: dict[str, str], guide: Guide
) -> list[tuple[str, str, str]]:
    """Return (field, what it is called, what is stored) for every field that was sent otherwise."""
    names = _names(guide)
    return [(key, names[key], saved[key]) for key in saved if sent[key] != saved[key]]


def _told(overruns: Iterable[Overrun], guide: Guide) -> list[tuple[str, str]]:
    """Return (field, what is too long by how much) for each text that is too long."""
    names = _names(guide)
    found = []
    for overrun in overruns:
        numbers = {
            "length": format_decimal(overrun.length),
            "limit": format_decimal(overrun.limit),
        }
        if overrun.field:
            told = _(
                "“%(name)s” has %(length)s characters, and there is room for %(limit)s.",
                name=names[overrun.field],
                **numbers,
            )
        else:
            told = _(
                "All texts together have %(length)s characters, and there is room for %(limit)s.",
                **numbers,
            )
        found.append((overrun.field, told))
    return found


def _names(guide: Guide) -> dict[str, str]:
    """Return what each field is called."""
    names = {"recommendation": _("Your own recommendation"), "summary": _("Summary")}
    for section in guide.rounds[0].sections:
        prefix = f"rating-{section.competency}"
        names[f"{prefix}-score"] = _("Rating: %(name)s", name=section.name)
        names[f"{prefix}-evidence_level"] = f"{_('Evidence')}: {section.name}"
        names[f"{prefix}-evidence"] = f"{_('What the rating rests on')}: {section.name}"
        names[f"{prefix}-not_assessed_reason"] = f"{_('Why was it not assessed?')} {section.name}"
        for question in section.questions:
            names[f"note-{question.id}"] = f"{_('Notes')}: {question.text}"
    return names

"""Why no plan keeps the rules, and the cheapest changes after which one does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recruit.core.faults import Said, listed
from recruit.core.planner.refusals import NoPlan
from recruit.core.planner.subject import Subject, minutes_said
from recruit.core.profile import FEWEST_COMPETENCIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recruit.core.planner.assessment import Lacking
    from recruit.core.planner.edits import Edit


@dataclass(frozen=True)
class TooLittleTime:
    """Rule 1: the rules ask for ``needed`` minutes of questions, the rounds have ``available``.

    When ``available`` is enough in all, the questions cannot be divided between the rounds.
    """

    needed: int
    available: int

    def said(self, subject: Subject) -> Said:
        """Return the reason in words."""
        del subject
        needed, available = minutes_said(self.needed), minutes_said(self.available)
        if self.needed > self.available:
            return Said(
                f"Frågorna får inte plats: de behöver minst {needed.sv}, och omgångarna har "
                f"{available.sv} för frågor.",
                f"The questions do not fit: they need at least {needed.en}, and the rounds have "
                f"{available.en} for questions.",
            )
        return Said(
            f"Frågorna får inte plats: de behöver minst {needed.sv}. Omgångarna har "
            f"{available.sv} tillsammans, men frågorna går inte att fördela så att varje omgång "
            "håller tiden.",
            f"The questions do not fit: they need at least {needed.en}. The rounds have "
            f"{available.en} together, but no way to divide the questions keeps each round within "
            "its time.",
        )


@dataclass(frozen=True)
class TooFewQuestions:
    """Rules 2 and 3: the library has no question of the kind for the level and sector."""

    competency: str
    kind: Lacking

    def said(self, subject: Subject) -> Said:
        """Return the reason in words."""
        name = subject.competency_name(self.competency)
        what = {
            "any": Said("ingen fråga", "no question"),
            "past_behaviour": Said(
                "ingen fråga om en upplevd situation", "no question about past behaviour"
            ),
            "other": Said(
                "bara frågor om upplevda situationer", "only questions about past behaviour"
            ),
        }[self.kind]
        return Said(
            f"{name.sv} har {what.sv} att välja på för nivån och sektorn.",
            f"{name.en} has {what.en} to choose from for the level and the sector.",
        )


@dataclass(frozen=True)
class TooManyCases:
    """Rule 3: ``over`` cases more would be needed than there are rounds to hold them."""

    over: int

    def said(self, subject: Subject) -> Said:
        """Return the reason in words."""
        del subject
        return Said(
            f"Högst ett fall ryms i varje omgång, men här skulle det behövas {self.over} till.",
            f"At most one case fits in a round, but {self.over} more would be needed here.",
        )


@dataclass(frozen=True)
class TooLittleTimeTogether:
    """Rule 4: the fewest competencies that would be left to a single interviewer."""

    competencies: tuple[str, ...]

    def said(self, subject: Subject) -> Said:
        """Return the reason in words."""
        names = subject.competency_names(self.competencies)
        return Said(
            "Varje kompetens ska tas upp i en omgång med minst två intervjuare, men i de "
            f"omgångarna ryms inte {names.sv}.",
            "Every competency is to be asked about in a round with at least two interviewers, but "
            f"those rounds have no room for {names.en}.",
        )


@dataclass(frozen=True)
class EditsClash:
    """Edits that cannot all be kept, none of them to spare: any fewer of them can be kept."""

    edits: tuple[Edit, ...]

    def said(self, subject: Subject) -> Said:
        """Return the reason in words."""
        edits = listed([edit.said(subject) for edit in self.edits])
        if len(self.edits) == 1:
            return Said(
                f"Ett av dina val går inte att hålla: {edits.sv}.",
                f"One of your choices cannot be kept: {edits.en}.",
            )
        return Said(
            f"Dina val går inte att förena: {edits.sv}.",
            f"Your choices cannot be kept together: {edits.en}.",
        )


@dataclass(frozen=True)
class EditedUnfit:
    """Rule 3: a question that an edit asks for is not meant for the profile."""

    question_id: str

    def said(self, subject: Subject) -> Said:
        """Return the reason in words."""
        question = subject.question_name(self.question_id)
        key = subject.find(self.question_id)[0]
        if key in subject.profile.competencies:
            return Said(
                f"{question.sv} är inte avsedd för nivån eller sektorn.",
                f"{question.en} is not meant for the level or the sector.",
            )
        name = subject.competency_name(key)
        return Said(
            f"{question.sv} hör till {name.sv}, som inte ingår i rollprofilen.",
            f"{question.en} belongs to {name.en}, which is not in the role profile.",
        )


@dataclass(frozen=True)
class ExtraMinutes:
    """Way out: lengthen one round; ``minutes`` is the fewest that are enough, in any round."""

    round_index: int
    minutes: int

    def said(self, subject: Subject) -> Said:
        """Return the way out in words."""
        round_, more = subject.round_name(self.round_index), minutes_said(self.minutes)
        total = minutes_said(subject.profile.rounds[self.round_index].minutes + self.minutes)
        return Said(
            f"Förläng {round_.sv} med {more.sv}, till {total.sv}.",
            f"Lengthen {round_.en} by {more.en}, to {total.en}.",
        )


@dataclass(frozen=True)
class SecondInterviewer:
    """Way out of rule 4: one more interviewer in a round that has one."""

    round_index: int

    def said(self, subject: Subject) -> Said:
        """Return the way out in words."""
        round_ = subject.round_name(self.round_index)
        return Said(f"Låt två intervjua i {round_.sv}.", f"Have two interviewers in {round_.en}.")


@dataclass(frozen=True)
class FewerCompetencies:
    """Way out: keep the heaviest set of competencies that fits.

    Among equally heavy sets the largest, then the one with the earliest competencies of the
    profile. It is ``enough`` by itself when a profile may have that few.
    """

    keep: tuple[str, ...]
    drop: tuple[str, ...]

    @property
    def enough(self) -> bool:
        """Tell whether a profile may have as few competencies as are kept."""
        return len(self.keep) >= FEWEST_COMPETENCIES

    def said(self, subject: Subject) -> Said:
        """Return the way out in words."""
        keep, drop = subject.competency_names(self.keep), subject.competency_names(self.drop)
        if self.enough:
            return Said(
                f"Behåll {keep.sv} och ta bort {drop.sv}.", f"Keep {keep.en} and drop {drop.en}."
            )
        return Said(
            f"Behåll {keep.sv} och byt {drop.sv} mot annat: en rollprofil har minst "
            f"{FEWEST_COMPETENCIES} kompetenser.",
            f"Keep {keep.en} and put others in place of {drop.en}: a role profile has at least "
            f"{FEWEST_COMPETENCIES} competencies.",
        )


@dataclass(frozen=True)
class Release:
    """Way out: let go of the fewest edits; among equally many, of the latest."""

    edits: tuple[Edit, ...]

    def said(self, subject: Subject) -> Said:
        """Return the way out in words."""
        edits = listed([edit.said(subject) for edit in self.edits])
        if len(self.edits) == 1:
            return Said(f"Ändra ditt val: {edits.sv}.", f"Change your choice: {edits.en}.")
        return Said(f"Ändra dina val: {edits.sv}.", f"Change your choices: {edits.en}.")


Reason = (
    TooLittleTime
    | TooFewQuestions
    | TooManyCases
    | TooLittleTimeTogether
    | EditsClash
    | EditedUnfit
)
WayOut = ExtraMinutes | SecondInterviewer | FewerCompetencies | Release


class Infeasible(NoPlan):
    """No choice of questions keeps every rule and edit.

    ``reasons`` names what binds, a line each in ``reason_lines``; ``ways_out`` the cheapest
    changes, each of them enough alone, a line each in ``way_lines``.
    """

    def __init__(
        self, subject: Subject, reasons: Sequence[Reason], ways_out: Sequence[WayOut]
    ) -> None:
        self.reasons = tuple(reasons)
        self.ways_out = tuple(ways_out)
        match len(self.ways_out):
            case 0:
                advice = Said(
                    "Ingen enskild ändring räcker: se över kompetenser, omgångar och egna val.",
                    "No single change is enough: look over competencies, rounds and choices.",
                )
            case 1:
                advice = Said("Det här hjälper:", "This would help:")
            case _:
                advice = Said("Något av detta hjälper:", "Any one of these would help:")
        super().__init__(
            [reason.said(subject) for reason in self.reasons],
            advice,
            [way.said(subject) for way in self.ways_out],
        )

"""How structured an interview process is: the fifteen components, and which of them it meets.

The components and their order are those of Campion, Palmer and Campion (1997), "A review of
structure in the selection interview", Personnel Psychology 50: seven about what is asked, eight
about how answers are evaluated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from recruit.core.faults import Said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from recruit.core.guide import Guide, GuideQuestion
    from recruit.core.profile import Profile

State = Literal["met", "depends", "missing"]
"""The process meets the component; no guide can tell, it depends on you; the guide lacks it."""


@dataclass(frozen=True)
class Component:
    """One component of structure, and why it has its state.

    ``about`` names what lacks it: competencies; questions for "limited-prompting", rounds for
    "candidate-questions-last".
    """

    key: str
    name: Said
    state: State
    reason: Said
    about: tuple[str, ...] = ()


def structure(profile: Profile, guide: Guide) -> tuple[Component, ...]:
    """Return the fifteen components for a whole process: every round of it in one guide."""
    asked = _asked(guide)
    return (
        _job_analysis(profile),
        _met(
            "same-questions",
            Said("Samma frågor till alla", "The same questions for everyone"),
            Said(
                "Alla kandidater får samma frågor i samma ordning, ur samma version av guiden. "
                "Avvikelser antecknas.",
                "Every candidate gets the same questions in the same order, from the same version "
                "of the guide. Deviations are noted.",
            ),
        ),
        _prompting(asked),
        _types(asked),
        _number(asked),
        _depends(
            "other-information",
            Said("Annan information hålls utanför", "Other information kept apart"),
            Said(
                "Läs tester och referenser först när svaren är bedömda, och bedöm bara det som "
                "sägs i intervjun.",
                "Read tests and references only once the answers are rated, and rate only what is "
                "said in the interview.",
            ),
        ),
        _candidate_last(guide),
        _met(
            "several-scales",
            Said("Flera skalor", "Several scales"),
            Said(
                "Varje kompetens bedöms för sig, på en egen skala, i stället för med ett "
                "helhetsintryck.",
                "Each competency is rated by itself, on a scale of its own, in place of an overall "
                "impression.",
            ),
        ),
        _anchors(guide),
        _depends(
            "detailed-notes",
            Said("Utförliga anteckningar", "Detailed notes"),
            Said(
                "Varje fråga har plats för anteckningar, och en hög bedömning kräver underlag. "
                "Skriv medan kandidaten talar.",
                "Every question has room for notes, and a high rating needs evidence. Write while "
                "the candidate speaks.",
            ),
        ),
        _several_interviewers(guide, asked),
        _depends(
            "same-interviewers",
            Said("Samma intervjuare för alla", "The same interviewers for everyone"),
            Said(
                "Låt samma personer möta alla kandidater. Annars räknas bedömningarna om för hur "
                "sträng var och en är, när det går.",
                "Let the same people meet every candidate. Otherwise ratings are adjusted for how "
                "strict each interviewer is, where that is possible.",
            ),
        ),
        _depends(
            "no-discussion",
            Said("Inga samtal mellan intervjuerna", "No discussion between interviews"),
            Said(
                "Andras bedömningar syns först när dina egna är inlämnade. Prata inte om "
                "kandidaterna innan dess.",
                "Others’ ratings show only once your own are submitted. Do not talk about the "
                "candidates before that.",
            ),
        ),
        _depends(
            "training",
            Said("Tränade intervjuare", "Trained interviewers"),
            Said(
                "Under Utbildning finns svar att öva på, med experternas bedömningar. Gör "
                "övningarna före första intervjun.",
                "Under Training there are answers to practise on, with the experts’ ratings. Do "
                "the exercises before the first interview.",
            ),
        ),
        _met(
            "statistical-combination",
            Said("Sammanvägning enligt fast regel", "Statistical combination"),
            Said(
                "Bedömningarna vägs ihop med rollprofilens vikter. Den som väljer annorlunda "
                "skriver varför.",
                "Ratings are combined by the weights of the role profile. Whoever chooses "
                "differently writes down why.",
            ),
        ),
    )


def _met(key: str, name: Said, reason: Said) -> Component:
    return Component(key, name, "met", reason)


def _depends(key: str, name: Said, reason: Said) -> Component:
    return Component(key, name, "depends", reason)


def _asked(guide: Guide) -> dict[str, list[GuideQuestion]]:
    """Return the questions about each competency over all rounds."""
    asked: dict[str, list[GuideQuestion]] = {key: [] for key in guide.weights}
    for round_ in guide.rounds:
        for section in round_.sections:
            asked.setdefault(section.competency, []).extend(section.questions)
    return asked


def _lacking(
    asked: dict[str, list[GuideQuestion]], lacks: Callable[[list[GuideQuestion]], bool]
) -> tuple[str, ...]:
    return tuple(key for key, questions in asked.items() if lacks(questions))


def _judged(
    key: str, name: Said, about: Iterable[str], *, met: Said, missing: Said, state: State
) -> Component:
    """Return a component that is met when nothing lacks it, otherwise in the state."""
    found = tuple(about)
    return Component(key, name, state if found else "met", missing if found else met, found)


def _job_analysis(profile: Profile) -> Component:
    unexplained = [key for key in profile.competencies if key not in profile.reasons]
    count, total = len(unexplained), len(profile.competencies)
    return _judged(
        "job-analysis",
        Said("Kravanalys som grund", "Based on a job analysis"),
        unexplained,
        state="depends",
        met=Said(
            "Rollprofilen motiverar varje kompetens med arbetet.",
            "The role profile gives a reason from the job for every competency.",
        ),
        missing=Said(
            f"Rollprofilen säger inte varför arbetet kräver {count} av {total} kompetenser. "
            "Kontrollera mot er kravanalys att de är de rätta.",
            f"The role profile does not say why the job needs {count} of {total} competencies. "
            "Check against your job analysis that they are the right ones.",
        ),
    )


def _prompting(asked: dict[str, list[GuideQuestion]]) -> Component:
    bare = [q.id for questions in asked.values() for q in questions if not q.probes]
    return _judged(
        "limited-prompting",
        Said("Följdfrågor i förväg", "Limited prompting"),
        bare,
        state="missing",
        met=Said(
            "Följdfrågorna är neutrala och skrivna i förväg.",
            "The probes are neutral and written beforehand.",
        ),
        missing=Said(
            f"Antal frågor utan följdfrågor: {len(bare)}. Där blir hjälpen olika för olika "
            "kandidater.",
            f"Questions without probes: {len(bare)}. There, candidates will get different help.",
        ),
    )


def _types(asked: dict[str, list[GuideQuestion]]) -> Component:
    def lacks(questions: list[GuideQuestion]) -> bool:
        past = sum(question.kind == "past_behaviour" for question in questions)
        return not 0 < past < len(questions)

    about = _lacking(asked, lacks)
    return _judged(
        "question-types",
        Said("Frågor av beprövade slag", "Better types of question"),
        about,
        state="missing",
        met=Said(
            "Varje kompetens prövas både med något kandidaten har varit med om och på annat sätt.",
            "Every competency is tested both with something the candidate has been through and in "
            "another way.",
        ),
        missing=Said(
            f"{len(about)} av {len(asked)} kompetenser saknar antingen en fråga om en upplevd "
            "situation eller en av annat slag.",
            "Competencies without a question about past behaviour, or without one of another "
            f"kind: {len(about)} of {len(asked)}.",
        ),
    )


def _number(asked: dict[str, list[GuideQuestion]]) -> Component:
    about = _lacking(asked, lambda questions: len(questions) < 2)
    count = sum(len(questions) for questions in asked.values())
    return _judged(
        "enough-questions",
        Said("Tillräckligt många frågor", "Enough questions"),
        about,
        state="missing",
        met=Said(
            f"{count} frågor, minst två om varje kompetens.",
            f"{count} questions, at least two about each competency.",
        ),
        missing=Said(
            f"{len(about)} av {len(asked)} kompetenser har färre än två frågor: bedömningen vilar "
            "då på högst ett svar.",
            f"Competencies with fewer than two questions: {len(about)} of {len(asked)}. Their "
            "rating rests on one answer at most.",
        ),
    )


def _candidate_last(guide: Guide) -> Component:
    abrupt = [round_.name for round_ in guide.rounds if not round_.closing.paragraphs]
    return _judged(
        "candidate-questions-last",
        Said("Kandidatens frågor sist", "The candidate’s questions last"),
        abrupt,
        state="missing",
        met=Said(
            "Avslutningen ger kandidaten ordet när alla frågor är ställda.",
            "The closing gives the candidate the floor once every question is asked.",
        ),
        missing=Said(
            "En omgång saknar avslutning, och därmed en plats för kandidatens frågor.",
            "A round has no closing, and so no place for the candidate’s questions.",
        ),
    )


def _anchors(guide: Guide) -> Component:
    about = dict.fromkeys(
        section.competency
        for round_ in guide.rounds
        for section in round_.sections
        if sorted(point for point, text in section.anchors.items() if text.strip())
        != ["1", "2", "3", "4", "5"]
    )
    return _judged(
        "anchored-scales",
        Said("Skalor med beskrivna steg", "Anchored scales"),
        about,
        state="missing",
        met=Said(
            "Alla fem steg på varje skala beskrivs med beteenden.",
            "All five points of every scale are described by behaviour.",
        ),
        missing=Said(
            f"Antal kompetenser där något steg på skalan saknar beskrivning: {len(about)}.",
            f"Competencies with a point of the scale that is not described: {len(about)}.",
        ),
    )


def _several_interviewers(guide: Guide, asked: dict[str, list[GuideQuestion]]) -> Component:
    together = {
        section.competency
        for round_ in guide.rounds
        if round_.interviewers >= 2
        for section in round_.sections
    }
    about = [key for key in asked if key not in together]
    return _judged(
        "several-interviewers",
        Said("Flera intervjuare", "Several interviewers"),
        about,
        state="missing",
        met=Said(
            "Varje kompetens prövas där minst två intervjuar.",
            "Every competency is tested where at least two people interview.",
        ),
        missing=Said(
            f"{len(about)} av {len(asked)} kompetenser prövas inte där minst två intervjuar.",
            "Competencies that are tested nowhere with at least two interviewers: "
            f"{len(about)} of {len(asked)}.",
        ),
    )

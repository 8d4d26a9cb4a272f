"""The guide: what a plan becomes in one language, whole in itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from recruit.core.faults import Said
from recruit.core.profile import named_in

if TYPE_CHECKING:
    from recruit.core.library import Competency, Library, Question, Script
    from recruit.core.planner import Plan
    from recruit.core.profile import Profile, Round

KIND_ORDER = ("past_behaviour", "reflection", "situational", "case")
"""Within a section: what one has lived is easier to begin with than what one would do."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ScriptEntry(_Part):
    """One entry of a list within a script."""

    name: str
    text: str
    example: str | None = None


class ScriptText(_Part):
    """A text to read out, or an instruction."""

    title: str
    paragraphs: tuple[str, ...]
    items: tuple[ScriptEntry, ...] = ()


class IndicatorText(_Part):
    """One observable behaviour."""

    id: str
    text: str


class FailureTexts(_Part):
    """Behaviours of failure, in both directions."""

    over_control: tuple[str, ...]
    laissez_faire: tuple[str, ...]


class Signs(_Part):
    """Signs of practice and of mere talk."""

    practice: tuple[str, ...]
    talk: tuple[str, ...]


class GuideQuestion(_Part):
    """A lead question with its probes; ``note`` is the recruiter's, to the interviewers."""

    id: str
    kind: str
    minutes: int
    text: str
    background: str | None = None
    probes: tuple[str, ...]
    elicits: tuple[str, ...]
    listen_for: Signs
    note: str = ""


class Section(_Part):
    """The questions about one competency in one round, with what its ratings rest on."""

    competency: str
    name: str
    definition: str
    indicators: tuple[IndicatorText, ...]
    failures: FailureTexts
    questions: tuple[GuideQuestion, ...]
    anchors: dict[str, str]


class GuideRound(_Part):
    """One interview; ``planned_minutes`` includes opening and closing.

    ``note`` is the recruiter's, to the interviewers.
    """

    name: str
    minutes: int
    planned_minutes: int
    interviewers: int
    opening: ScriptText
    closing: ScriptText
    sections: tuple[Section, ...]
    note: str = ""


class Coverage(_Part):
    """How many of a competency's indicators the whole process elicits."""

    indicators: int
    elicited: int


class Notes(_Part):
    """What interviewers and candidates should know; guides made before 0.1.0 lack the last two."""

    note_taking: ScriptText
    rater_instructions: ScriptText
    rating_errors: ScriptText
    consensus_meeting: ScriptText | None = None
    candidate_information: ScriptText | None = None


class Guide(_Part):
    """Interview rounds in one language, with everything that a kit or a scorecard shows."""

    schema_: Literal["recruit.guide/1"] = Field("recruit.guide/1", alias="schema")
    title: str
    language: Literal["sv", "en"]
    level: str
    sector: str
    optimal: bool
    coverage_value: float = Field(allow_inf_nan=False)
    weights: dict[str, int]
    must_have: dict[str, int]
    rounds: tuple[GuideRound, ...]
    coverage: dict[str, Coverage]
    explanations: tuple[str, ...]
    notes: Notes

    @property
    def competencies(self) -> tuple[str, ...]:
        """What it asks about, in order, each once."""
        return tuple(dict.fromkeys(s.competency for round_ in self.rounds for s in round_.sections))

    @property
    def questions(self) -> tuple[GuideQuestion, ...]:
        """Its questions in the order in which they are asked."""
        return tuple(q for round_ in self.rounds for s in round_.sections for q in s.questions)

    def as_json(self) -> dict[str, Any]:
        """Return the guide as plain data; ``Guide.model_validate`` reads it back."""
        return self.model_dump(mode="json", by_alias=True)


def compose(library: Library, profile: Profile, plan: Plan, language: str) -> Guide:
    """Return the plan as a guide in the language.

    Sections follow the profile's order of competencies; the section with the case comes last, and
    the case last within it.
    """
    elicited: dict[str, set[str]] = {key: set() for key in profile.competencies}
    rounds = []
    for round_, minutes, chosen in zip(profile.rounds, plan.minutes, plan.rounds, strict=True):
        sections = []
        for key in profile.competencies:
            section = _section(library.competencies[key], set(chosen), language)
            if section.questions:
                sections.append(section)
                elicited[key].update(i for q in section.questions for i in q.elicits)
        sections.sort(key=lambda section: any(q.kind == "case" for q in section.questions))
        rounds.append(_round(library, round_, minutes, tuple(sections), language))
    coverage = {
        key: Coverage(
            indicators=len(library.competencies[key].indicators), elicited=len(elicited[key])
        )
        for key in profile.competencies
    }
    return Guide(
        schema_="recruit.guide/1",
        title=profile.title_in(language),
        language="sv" if language == "sv" else "en",
        level=profile.level,
        sector=profile.sector,
        optimal=plan.optimal,
        coverage_value=plan.coverage_value,
        weights={key: item.weight for key, item in profile.competencies.items()},
        must_have={
            key: item.must_have
            for key, item in profile.competencies.items()
            if item.must_have is not None
        },
        rounds=tuple(rounds),
        coverage=coverage,
        explanations=_explanations(library, profile, plan, elicited, language),
        notes=Notes(
            note_taking=script_text(library.scripts["note-taking"], language),
            rater_instructions=script_text(library.scripts["rater-instructions"], language),
            rating_errors=script_text(library.scripts["rating-errors"], language),
            consensus_meeting=script_text(library.scripts["consensus-meeting"], language),
            candidate_information=script_text(library.scripts["candidate-information"], language),
        ),
    )


def _round(
    library: Library, round_: Round, minutes: int, sections: tuple[Section, ...], language: str
) -> GuideRound:
    return GuideRound(
        name=named_in(round_.name, language),
        minutes=round_.minutes,
        planned_minutes=minutes,
        interviewers=round_.interviewers,
        opening=script_text(library.scripts["opening"], language),
        closing=script_text(library.scripts["closing"], language),
        sections=sections,
    )


def _section(competency: Competency, chosen: set[str], language: str) -> Section:
    questions = sorted(
        (question for question in competency.questions if question.id in chosen),
        key=lambda question: KIND_ORDER.index(question.kind),
    )
    return Section(
        competency=competency.id,
        name=competency.name.in_(language),
        definition=competency.definition.in_(language),
        indicators=tuple(
            IndicatorText(id=i.id, text=i.text.in_(language)) for i in competency.indicators
        ),
        failures=FailureTexts(
            over_control=tuple(f.text.in_(language) for f in competency.failures.over_control),
            laissez_faire=tuple(f.text.in_(language) for f in competency.failures.laissez_faire),
        ),
        questions=tuple(question_in(question, language) for question in questions),
        anchors=anchors_in(competency, language),
    )


def question_in(question: Question, language: str) -> GuideQuestion:
    """Return a question of the library in the language."""
    return GuideQuestion(
        id=question.id,
        kind=question.kind,
        minutes=question.minutes,
        text=question.text.in_(language),
        background=question.background.in_(language) if question.background else None,
        probes=tuple(probe.in_(language) for probe in question.probes),
        elicits=tuple(question.elicits),
        listen_for=Signs(
            practice=tuple(sign.in_(language) for sign in question.listen_for.practice),
            talk=tuple(sign.in_(language) for sign in question.listen_for.talk),
        ),
    )


def anchors_in(competency: Competency, language: str) -> dict[str, str]:
    """Return the points of a competency's scale in the language."""
    return {str(point): text.in_(language) for point, text in competency.anchors.items()}


def script_text(script: Script, language: str) -> ScriptText:
    """Return a script in the language."""
    return ScriptText(
        title=script.title.in_(language),
        paragraphs=tuple(text.in_(language) for text in script.paragraphs),
        items=tuple(
            ScriptEntry(
                name=item.name.in_(language),
                text=item.text.in_(language),
                example=item.example.in_(language) if item.example else None,
            )
            for item in script.items
        ),
    )


def _explanations(
    library: Library, profile: Profile, plan: Plan, elicited: dict[str, set[str]], language: str
) -> tuple[str, ...]:
    swedish = language == "sv"
    share = round(100 * plan.coverage_value)
    if plan.optimal:
        best = (
            f"Planen är bevisat bäst inom tiden: frågorna prövar {share} % av beteendena, "
            "vägt efter kompetensernas vikt."
            if swedish
            else f"The plan is proven best within the time: the questions test {share} % of the "
            "behaviours, weighted by competency."
        )
    else:
        best = (
            f"Frågorna är valda för hand: de prövar {share} % av beteendena, vägt efter "
            "kompetensernas vikt."
            if swedish
            else f"The questions are chosen by hand: they test {share} % of the behaviours, "
            "weighted by competency."
        )
    lines = [best]
    for round_, minutes in zip(profile.rounds, plan.minutes, strict=True):
        name = named_in(round_.name, language)
        lines.append(planned_said(name, minutes, round_.minutes).in_(language))
    for key, found in elicited.items():
        competency = library.competencies[key]
        name, total = competency.name.in_(language), len(competency.indicators)
        line = tested_said(name, len(found), total).in_(language)
        missing = [i.text.in_(language) for i in competency.indicators if i.id not in found]
        if missing:
            line += (" Inte: " if swedish else " Not: ") + " ".join(missing)
        lines.append(line)
    if profile.min_questions == 1:
        lines.append(
            "Profilen nöjer sig med en fråga per kompetens: bedömningen vilar då på ett enda svar."
            if swedish
            else "The profile settles for one question per competency: a rating then rests on a "
            "single answer."
        )
    return tuple(lines)


def planned_said(round_name: str, minutes: int, limit: int) -> Said:
    """Return how much of a round's time is planned, scripts included."""
    return Said(
        f"{round_name}: {minutes} av {limit} minuter är planerade.",
        f"{round_name}: {minutes} of {limit} minutes are planned.",
    )


def tested_said(competency_name: str, elicited: int, total: int) -> Said:
    """Return how many of a competency's indicators the whole process elicits."""
    return Said(
        f"{competency_name}: {elicited} av {total} beteenden prövas.",
        f"{competency_name}: {elicited} of {total} behaviours tested.",
    )


def as_markdown(guide: Guide) -> str:
    """Return the guide as Markdown."""
    swedish = guide.language == "sv"
    probes = "Följdfrågor" if swedish else "Probes"
    scale = "Bedömningsskala" if swedish else "Rating scale"
    lines = [f"# {guide.title}", ""]
    for round_ in guide.rounds:
        lines += [f"## {round_.name} ({round_.planned_minutes}/{round_.minutes} min)", ""]
        lines += [*_markdown_script(round_.opening)]
        for section in round_.sections:
            lines += [f"### {section.name}", "", section.definition, ""]
            for question in section.questions:
                lines += [f"**{question.text}** ({question.minutes} min)", ""]
                lines += [question.background, ""] if question.background else []
                lines += [f"{probes}:", "", *(f"- {probe}" for probe in question.probes), ""]
            lines += [f"{scale}:", ""]
            lines += [*(f"{point}. {text}" for point, text in section.anchors.items()), ""]
        lines += [*_markdown_script(round_.closing)]
    return "\n".join(lines)


def _markdown_script(script: ScriptText) -> list[str]:
    return [f"### {script.title}", "", *(line for text in script.paragraphs for line in (text, ""))]

"""One of each report about the made-up recruitment."""

from __future__ import annotations

from typing import Any

from recruit.core.guide import FailureTexts, IndicatorText, Section
from recruit.documents import onboarding
from recruit.documents.candidate_report import Advice, CandidateReport
from recruit.documents.merits import MeritInformation
from recruit.documents.onboarding import OnboardingPlan
from recruit.documents.own_data import (
    OwnAgreement,
    OwnData,
    OwnDecision,
    OwnDeviation,
    OwnInterview,
    OwnRating,
    OwnScorecard,
)
from recruit.documents.panel_agreement import PanelAgreementReport
from recruit.documents.report import Identity
from recruit.documents.scorecard import CompletedScorecard, ScorecardRating
from tests.documents.example import MADE, NAMES, document

AMINA = "Amina Exempel"
QUESTION = (
    "Berätta om en gång då den som hade gett er ett uppdrag ändrade det mitt i arbetet. "
    "Vad hände, vad gjorde du då, och hur gick det för gruppen och för uppdraget?"
)


def identity(language: str = "sv") -> Identity:
    return Identity(
        title="Enhetschef i hemtjänsten",
        unit="Hemtjänsten i Exempelby",
        organisation="Exempelkommunen",
        language=language,
        generated_at=MADE,
        guide_versions="Första intervjun v3",
    )


def section(key: str) -> Section:
    return Section(
        competency=key,
        name=NAMES[key],
        definition=f"Vad {NAMES[key].lower()} är.",
        indicators=(IndicatorText(id=f"{key}-1", text=f"Gör {key} i vardagen."),),
        failures=FailureTexts(over_control=("Styr för hårt.",), laissez_faire=("Släpper allt.",)),
        questions=(),
        anchors={"1": "Lågt.", "3": "Mitt emellan.", "5": "Högt."},
    )


def candidate_report(language: str = "sv", rows: Any = None, **changes: Any) -> CandidateReport:
    values: dict[str, Any] = {
        "identity": identity(language),
        "comparison": document(rows, language=language),
        "candidate": AMINA,
        "advice": (
            Advice("Ivar Test", "Första intervjun", "yes", "Tydlig.\nOch varm."),
            Advice("Hanna Prov", "Första intervjun", "yes_with_doubts", ""),
        ),
    }
    return CandidateReport(**(values | changes))


def scorecard(language: str = "sv", **changes: Any) -> CompletedScorecard:
    values: dict[str, Any] = {
        "identity": identity(language),
        "candidate": AMINA,
        "interviewer": "Ivar Test",
        "round": "Första intervjun",
        "guide_version": "v3",
        "held": "18 november 2026",
        "submitted_at": MADE,
        "ratings": (
            ScorecardRating("Tydliga mål", 4, "Sätter ramar.", "example", "Lät gruppen välja.", ""),
            ScorecardRating("Återkoppling", None, "", "", "", "Vi hann inte."),
        ),
        "notes": ((QUESTION, "Hon sade:\n– Vi valde ihop."), ("Och sedan?", " ")),
        "recommendation": "yes_with_doubts",
        "summary": "Prövad och trygg.",
    }
    return CompletedScorecard(**(values | changes))


def agreement(language: str = "sv", rows: Any = None) -> PanelAgreementReport:
    return PanelAgreementReport(
        identity=identity(language), comparison=document(rows, language=language)
    )


def merits(language: str = "sv", **changes: Any) -> MeritInformation:
    values: dict[str, Any] = {
        "identity": identity(language),
        "applicant": "Björn Fiktiv",
        "hired": True,
        "education": "Socionomexamen 2009",
        "experience": "Sju år som chef i hemtjänst\nTre år som planerare",
        "other": "",
    }
    return MeritInformation(**(values | changes))


def own_data(language: str = "sv", **changes: Any) -> OwnData:
    rating = OwnRating("Tydliga mål", 4, "example", "Lät gruppen välja.")
    card = OwnScorecard(
        "A",
        "Första intervjun",
        "18 november 2026",
        (rating, OwnRating("Återkoppling", None, "", "Vi hann inte.")),
        ((QUESTION, "Hon sade: vi valde ihop."),),
        "yes",
        "Trygg.",
    )
    values: dict[str, Any] = {
        "identity": identity(language),
        "candidate": AMINA,
        "facts_held": (("o.name", AMINA), ("o.email", "amina@example.org"), ("o.internal", "nej")),
        "interviews": (
            OwnInterview("18 november 2026", "Första intervjun", "Rum 3", "genomförd", ""),
        ),
        "deviations": (
            OwnDeviation("Första intervjun", "18 november 2026", "En fråga uteblev.", "Tiden."),
        ),
        "scorecards": (card,),
        "pending": 1,
        "agreements": (
            OwnAgreement("", "19 november 2026", "Tydliga mål", 4, "", "Vi vägde ihop."),
            OwnAgreement("", "19 november 2026", "", None, "yes", "Enhälligt."),
            OwnAgreement("Första intervjun", "19 november 2026", "Mod", None, "", "Vi såg olika."),
        ),
        "decisions": (
            OwnDecision(
                "20 november 2026", "offered", ("Bäst underlag.",), (("Tydliga mål", "Lät dem."),)
            ),
        ),
        "mails": (("17 november 2026", "Inbjudan till intervju"),),
        "log": (("16 november 2026", "Du lades till"),),
    }
    return OwnData(**(values | changes))


def plan(language: str = "sv", rows: Any = None, candidate: str = AMINA) -> OnboardingPlan:
    compared = document(rows, language=language)
    choice = onboarding.choose(compared, candidate)
    sections = {key: section(key) for key in NAMES}

    def told(keys: tuple[str, ...], *, strong: bool = False) -> Any:
        return onboarding.growths(compared, candidate, keys, sections, strong=strong)

    return OnboardingPlan(
        identity=identity(language),
        candidate=candidate,
        build_on=told(choice.build_on, strong=True),
        support=told(choice.support),
        explore=told(choice.explore),
    )


EVERY = {
    "candidate": candidate_report,
    "scorecard": scorecard,
    "agreement": agreement,
    "merits": merits,
    "own": own_data,
    "plan": plan,
}

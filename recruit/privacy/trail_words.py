"""The trail in the reader's words: what an event is about, and its details."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from recruit.audit.queries import Flaw
from recruit.consensus.topics import RECOMMENDATION
from recruit.core.remarks import GROUNDS, PLACES
from recruit.labels import ROLES
from recruit.library import library

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel.speaklater import LazyString

    from recruit.audit.models import AuditEvent
    from recruit.audit.queries import Verdict
    from recruit.core.faults import Said

SUBJECTS: dict[str, LazyString] = {
    "candidate": _l("candidate"),
    "competency": _l("competency"),
    "database": _l("database"),
    "decision": _l("decision"),
    "import": _l("import"),
    "interview": _l("interview"),
    "library": _l("library"),
    "requisition": _l("requisition"),
    "scorecard": _l("scorecard"),
    "sign-in": _l("no account that is known"),
    "trail": _l("trail"),
    "user": _l("person"),
}
DETAILS: dict[str, LazyString] = {
    "added": _l("added"),
    "attempt": _l("attempt"),
    "before_start": _l("before the start"),
    "candidate_invited": _l("candidate invited"),
    "candidates": _l("candidates"),
    "competency": _l("competency"),
    "deviation": _l("deviation"),
    "duplicates": _l("there already"),
    "exercise": _l("exercise"),
    "exercises": _l("exercises"),
    "faulty": _l("rows with faults"),
    "ground": _l("ground"),
    "interviews": _l("interviews"),
    "joined": _l("new on the panel"),
    "kind": _l("kind"),
    "language": _l("language"),
    "left": _l("left the panel"),
    "moved": _l("moved"),
    "number": _l("number"),
    "owner": _l("whose"),
    "panel": _l("panel"),
    "part": _l("where"),
    "place": _l("new place"),
    "purpose": _l("purpose"),
    "question": _l("question"),
    "reason": _l("reason"),
    "removed": _l("removed"),
    "revision": _l("revision"),
    "role": _l("role"),
    "roles": _l("roles"),
    "round": _l("round"),
    "scorecards": _l("scorecards"),
    "texts": _l("texts changed"),
    "topic": _l("topic"),
    "until": _l("until"),
    "version": _l("version"),
    "versions": _l("versions"),
    "wanted": _l("letters"),
    "way": _l("by"),
}
VALUES: dict[str, LazyString | str] = {
    **ROLES,
    "True": _l("yes"),
    "False": _l("no"),
    "conflict": _l("conflict of interest"),
    "stepped_down": _l("other reason"),
    "changed": _l("the panel was changed"),
    "removed": _l("no longer takes part"),
    "not_needed": _l("not needed"),
    "objection": _l("the candidate objects"),
    "unlawful": _l("should never have been stored"),
    "mistake": _l("added by mistake"),
    "page": _l("page"),
    "pdf": "PDF",
    "json": "JSON",
    "api": "API",
    "csv": "CSV",
    "evidence": _l("evidence"),
    "weights": _l("other weights"),
    "decision": _l("the decision's grounds"),
    "meeting": _l("the meeting's topics"),
    "mentions": _l("where an erased name stands"),
    "topics": _l("topics"),
    "minutes": _l("minutes of a meeting"),
    "candidate": _l("candidate report"),
    "comparison-xlsx": _l("comparison in Excel"),
    "comparison-figures": _l("figures of the comparison"),
    "comparison-ratings": _l("ratings of the comparison"),
    "merits": _l("information on qualifications"),
    "own-data": _l("the candidate's own data"),
    "own-data-json": _l("the candidate's own data, JSON"),
    "own-data-zip": _l("the candidate's own data, with the CV"),
    "panel-agreement": _l("panel agreement"),
    "plan": _l("onboarding plan"),
    "scorecard": _l("scorecard"),
    "invitation": _l("invitation"),
    "sign_in": _l("sign-in"),
    "password": _l("password"),
    "reset": _l("a new password"),
    "change": _l("a changed password"),
    "link": _l("link"),
    "code": _l("code from an app"),
    "two_steps": _l("two steps"),
    "recovery_code": _l("recovery code"),
    "passkey": _l("passkey"),
    "organisation": _l("the organisation's sign-in"),
    "token": _l("a program's token"),
    RECOMMENDATION: _l("recommendation"),
}
PEOPLE = frozenset({"added", "removed", "joined", "left", "owner", "panel"})
"""Details that hold numbers of people where they are not counts."""
COMPETENCIES = frozenset({"competency", "topic"})
"""Details that hold the library's name of a competency."""
WORDING: dict[str, Mapping[Any, Said]] = {"ground": GROUNDS, "part": PLACES}
"""Details that say what flagged wording touches, and where it stands."""
FLAWS: dict[Flaw, LazyString] = {
    Flaw.CHANGED: _l("A line has been changed."),
    Flaw.MISSING: _l("Lines in front of it have been removed."),
    Flaw.WITHOUT_KEY: _l("It was made without the key, so it may have been made up."),
    Flaw.OTHER_KEY: _l(
        "The trail is sealed with another key. If you have a new secret key, put the earlier one "
        "in RECRUIT_TRAIL_KEY."
    ),
    Flaw.CUT: _l("Lines at the end of the trail have been removed."),
    Flaw.OTHER_TRAIL: _l("It is another trail than the one that the earlier end belongs to."),
}
COUNTED = frozenset({"candidate.import"})
"""Actions whose details are counts."""


def verdict_in_words(verdict: Verdict) -> str:
    """Return in one line whether the trail holds, and if not, what is wrong and where."""
    if verdict.flaw is None:
        return str(_("Every event of the trail holds: nothing has been changed or taken away."))
    flaw = str(FLAWS[verdict.flaw])
    if verdict.event_id is None:
        return str(_("The trail does not hold. %(flaw)s", flaw=flaw))
    return str(
        _(
            "The trail does not hold. Event %(number)s is the first that does not. %(flaw)s",
            number=verdict.event_id,
            flaw=flaw,
        )
    )


def about(event: AuditEvent, people: Mapping[int, str], requisitions: Mapping[int, str]) -> str:
    """Return what the event is about: people and requisitions by name, the rest by number."""
    kind, _colon, number = event.subject.partition(":")
    named = {"user": people, "requisition": requisitions}.get(kind, {})
    found = [named.get(_number(number)) or f"{SUBJECTS.get(kind, kind)} {number}".strip()]
    at = event.requisition_id
    if at and kind != "requisition":
        found.append(requisitions.get(at) or f"{SUBJECTS['requisition']} {at}")
    return ", ".join(found)


def details(event: AuditEvent, people: Mapping[int, str]) -> str:
    """Return the details of an event in words; a dash when there are none."""
    language = str(get_locale())
    competencies = {key: item.name.in_(language) for key, item in library().competencies.items()}
    said = []
    for key, value in sorted(event.detail.items()):
        values = value if isinstance(value, list) else [value]
        names: Mapping[Any, str] = {}
        if key in PEOPLE and event.action not in COUNTED:
            names = people
        elif key in COMPETENCIES:
            names = competencies
        elif key in WORDING:
            names = {word: told.in_(language) for word, told in WORDING[key].items()}
        words = ", ".join(_word(one, names) for one in values)
        said.append(f"{DETAILS.get(key, key)}: {words or _('none')}")
    return "; ".join(said) or "–"


def _word(value: Any, names: Mapping[Any, str]) -> str:
    if not isinstance(value, bool) and value in names:
        return names[value]
    return str(VALUES.get(str(value), value))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0

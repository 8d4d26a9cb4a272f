"""A worked example in a fresh database, with the documents that it leads to."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import sys
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from recruit.app import create_app
from recruit.config import Settings, ephemeral_key
from recruit.core.plain_yaml import read_yaml
from recruit.database import now
from recruit.resources import PACKAGE, interview_guides_folder

if TYPE_CHECKING:
    from flask import Flask

    from recruit.scorecards.entries import Entries

DATABASE = "recruit.sqlite3"
SETTINGS = "settings.toml"
TIMEZONE = ZoneInfo("Europe/Stockholm")
FILES = (
    "guide-1.pdf",
    "guide-2.pdf",
    "comparison.pdf",
    "comparison.json",
    "ratings.csv",
    "profile.yaml",
    "accounts.json",
)


def settings(out: Path, port: int) -> Settings:
    """Return settings for an example that lives in one folder and is served on this machine."""
    return Settings(
        database=f"sqlite:///{(out / DATABASE).resolve()}",
        secret_key=ephemeral_key(),
        organisation=_story()["organisation"],
        base_url=f"http://127.0.0.1:{port}",
        https=False,
        log_level="ERROR",
    )


def build(out: Path, wanted: Settings) -> Flask:
    """Fill a fresh database, write the documents into the folder, and return the application."""
    import flask_migrate

    out.mkdir(parents=True, exist_ok=True)
    for name in (*FILES, SETTINGS, DATABASE, f"{DATABASE}.jobs"):
        for suffix in ("", "-wal", "-shm"):
            (out / f"{name}{suffix}").unlink(missing_ok=True)
    _write_settings(out / SETTINGS, wanted)
    app = create_app(wanted)
    with app.app_context():
        flask_migrate.upgrade()
        requisition_id, accounts = _fill()
        _write(out, requisition_id, accounts)
    return app


def guidance(out: Path, port: int, *, serve: bool) -> str:
    """Return what was made, where it is, and how to sign in."""
    accounts = json.loads((out / "accounts.json").read_text("utf-8"))
    lines = [f"The worked example is in {out}/:", *(f"  {name}" for name in FILES), ""]
    lines += ["Sign in as:"]
    lines += [
        f"  {account['role']:<15} {account['email']:<32} {account['password']}"
        for account in accounts
    ]
    if serve:
        lines += ["", f"Open http://127.0.0.1:{port} – Ctrl+C ends."]
    lines += ["", "Serve it later, with the same accounts:", f"  {_command(out, port)}"]
    return "\n".join(lines)


def _write_settings(path: Path, wanted: Settings) -> None:
    """Keep the settings with the example, for this account only: the key is among them."""
    lines = [f"{key} = {json.dumps(value)}" for key, value in wanted.model_dump().items()]
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("\n".join((*lines, "")))


def _command(out: Path, port: int) -> str:
    """Return what a shell runs, from any folder, to serve the example."""
    settings = shlex.quote(str((out / SETTINGS).resolve()))
    program = shlex.quote(str(Path(sys.executable).with_name("recruit")))
    return f"RECRUIT_CONFIG={settings} {program} serve --bind 127.0.0.1:{port}"


def _story() -> dict[str, Any]:
    story: dict[str, Any] = read_yaml((PACKAGE / "demo" / "story.yaml").read_bytes())
    return story


def _fill() -> tuple[int, list[dict[str, Any]]]:
    """Carry out what the story tells; return the first requisition's number and the accounts."""
    from recruit.accounts.actions import add_user
    from recruit.accounts.models import RoleName

    story = _story()
    passwords = {key: secrets.token_urlsafe(12) for key in story["people"]}
    users = {
        key: add_user(
            name=person["name"],
            email=person["email"],
            roles=[RoleName(key)] if key in {"administrator", "recruiter"} else [],
            password=passwords[key],
        ).id
        for key, person in story["people"].items()
    }
    worked, *others = story["requisitions"]
    requisition_id, cards = _carry_out(worked, users)
    for begun in others:
        _carry_out(begun, users)
    return requisition_id, [
        {
            "name": person["name"],
            "email": person["email"],
            "password": passwords[key],
            "role": worked["members"].get(key, key),
            "may_not_see_yet": _not_yet(key, cards),
        }
        for key, person in story["people"].items()
    ]


@dataclass(frozen=True)
class _Card:
    """What one interviewer wrote about one candidate in one interview."""

    candidate: str
    interviewer: str
    submitted: bool
    texts: tuple[str, ...]


def _not_yet(interviewer: str, cards: list[_Card]) -> list[str]:
    """Return what others have submitted about those whom the interviewer has yet to rate."""
    own = {c.candidate for c in cards if c.interviewer == interviewer and not c.submitted}
    return [
        text
        for card in cards
        if card.candidate in own and card.interviewer != interviewer and card.submitted
        for text in card.texts
    ]


def _carry_out(told: dict[str, Any], users: dict[str, int]) -> tuple[int, list[_Card]]:
    """Take one requisition as far as the story does; return its number and the scorecards."""
    from recruit.candidates import actions as candidates
    from recruit.guides import actions as guides
    from recruit.interviews import actions as interviews
    from recruit.library import library
    from recruit.requisitions import actions as requisitions
    from recruit.requisitions.models import MemberRole

    recruiter = users["recruiter"]
    requisition_id = requisitions.create(
        library().roles[told["role"]],
        title=told["title"],
        unit=told["unit"],
        actor_id=recruiter,
    ).id
    for key, role in told["members"].items():
        requisitions.add_member(requisition_id, users[key], MemberRole(role), actor_id=recruiter)
    guides.generate(requisition_id, library(), actor_id=recruiter)
    rounds = told.get("rounds", [])
    versions = guides.publish(requisition_id, actor_id=recruiter) if rounds else []
    versions.sort(key=lambda version: version.guide.position)
    planned = [(version.id, version.content) for version in versions]
    cards = []
    for candidate in told["candidates"]:
        candidate_id = candidates.add(
            requisition_id,
            name=candidate["name"],
            email="",
            internal=candidate["internal"],
            actor_id=recruiter,
        ).id
        begins = candidate.get("interviews", [])
        for (version_id, content), round_, at in zip(planned, rounds, begins, strict=False):
            interview_id = interviews.plan(
                requisition_id,
                candidate_id=candidate_id,
                guide_version_id=version_id,
                starts_at=_moment(*at),
                timezone=TIMEZONE.key,
                place=round_["place"],
                panel=[users[key] for key in round_["panel"]],
                actor_id=recruiter,
            ).id
            if "ratings" in candidate:
                cards += [
                    _rate(interview_id, users[key], candidate, key, content)
                    for key in round_["panel"]
                ]
    return requisition_id, cards


def _moment(weekdays: int, clock: str) -> datetime:
    """Return the time of day so many weekdays from today, Monday to Friday."""
    today = now().astimezone(TIMEZONE).date()
    day = np.busday_offset(today, weekdays, roll="backward")
    return datetime.combine(date.fromisoformat(str(day)), time.fromisoformat(clock), TIMEZONE)


def _rate(
    interview_id: int,
    user_id: int,
    candidate: dict[str, Any],
    interviewer: str,
    content: dict[str, Any],
) -> _Card:
    """Hand in what the interviewer thought; without a recommendation it stays a draft."""
    from recruit.scorecards import actions as scorecards

    entries = _entries(candidate, interviewer, content)
    submitted = entries.recommendation is not None
    store = scorecards.submit if submitted else scorecards.save
    store(interview_id, user_id, entries, 0)
    ratings = entries.ratings.values()
    texts = tuple(rating.evidence or rating.not_assessed_reason for rating in ratings)
    return _Card(candidate["name"], interviewer, submitted, texts)


def _entries(candidate: dict[str, Any], interviewer: str, content: dict[str, Any]) -> Entries:
    from recruit.scorecards.entries import Entries, RatingEntry
    from recruit.scorecards.models import EvidenceLevel, Recommendation

    ratings = {}
    notes = {}
    for section in content["rounds"][0]["sections"]:
        told = candidate["ratings"][section["competency"]][interviewer]
        ratings[section["competency"]] = RatingEntry(
            score=told.get("score"),
            evidence_level=EvidenceLevel(told["level"]) if "level" in told else None,
            evidence=told.get("evidence", ""),
            not_assessed_reason=told.get("reason", ""),
        )
        if "note" in told:
            notes[section["questions"][0]["id"]] = told["note"]
    recommendation = candidate["recommendations"].get(interviewer)
    return Entries(
        ratings=ratings,
        notes=notes,
        recommendation=Recommendation(recommendation) if recommendation else None,
    )


def _write(out: Path, requisition_id: int, accounts: list[dict[str, Any]]) -> None:
    from recruit.accounts.queries import user_by_email
    from recruit.comparisons.queries import comparison_for
    from recruit.core.ratings_file import as_csv
    from recruit.documents.renderer import render_pdf
    from recruit.guides import documents as guides
    from recruit.guides.queries import published_versions
    from recruit.requisitions.queries import requisition

    recruiter = next(account for account in accounts if account["role"] == "recruiter")
    reader = user_by_email(recruiter["email"])
    assert reader is not None
    for version in published_versions(requisition_id):
        kit = guides.interviewer_kit(version)
        (out / f"guide-{version.guide.position}.pdf").write_bytes(render_pdf(kit.html()))
    document = comparison_for(reader.id, requisition(requisition_id)).document
    assert document is not None
    (out / "comparison.pdf").write_bytes(render_pdf(document.html()))
    figures = document.comparison.as_json()
    (out / "comparison.json").write_text(
        json.dumps(figures, ensure_ascii=False, indent=2), encoding="utf-8"
    )
    (out / "ratings.csv").write_text(as_csv(document.comparison.table), encoding="utf-8")
    role = interview_guides_folder() / "roles" / f"{_story()['requisitions'][0]['role']}.yaml"
    (out / "profile.yaml").write_bytes(role.read_bytes())
    (out / "accounts.json").write_text(
        json.dumps(accounts, ensure_ascii=False, indent=2), encoding="utf-8"
    )

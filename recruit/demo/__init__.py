"""A worked example in a fresh database, with the documents that it leads to."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from recruit.app import create_app
from recruit.config import Settings, ephemeral_key
from recruit.core.plain_yaml import read_yaml
from recruit.database import now
from recruit.resources import PACKAGE, interview_guides_folder

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from recruit.accounts.models import User
    from recruit.guides.models import GuideVersion

DATABASE = "recruit.sqlite3"
ROLE = "head-of-unit-home-care"
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
    for name in (*FILES, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (out / name).unlink(missing_ok=True)
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
    return "\n".join(lines)


def _story() -> dict[str, Any]:
    story: dict[str, Any] = read_yaml((PACKAGE / "demo" / "story.yaml").read_bytes())
    return story


def _fill() -> tuple[int, list[dict[str, Any]]]:
    """Carry out the recruitment of the story; return its number and the accounts."""
    from recruit.accounts.actions import add_user
    from recruit.accounts.models import RoleName
    from recruit.guides import actions as guides
    from recruit.library import library
    from recruit.requisitions import actions as requisitions
    from recruit.requisitions.models import MemberRole

    story = _story()
    users: dict[str, User] = {}
    accounts = []
    for key, person in story["people"].items():
        password = secrets.token_urlsafe(12)
        organisation_roles = [RoleName(key)] if key in {"administrator", "recruiter"} else []
        users[key] = add_user(
            name=person["name"],
            email=person["email"],
            roles=organisation_roles,
            password=password,
        )
        hidden = _evidence_of_others(story) if key == story["not_submitted"]["interviewer"] else []
        accounts.append(
            {
                "name": person["name"],
                "email": person["email"],
                "password": password,
                "role": person.get("member", key),
                "may_not_see_yet": hidden,
            }
        )
    profile = library().roles[ROLE]
    recruiter = users["recruiter"].id
    requisition = requisitions.create(
        profile, title=profile.title_in("sv"), unit=story["unit"], actor_id=recruiter
    )
    requisition_id = requisition.id
    for key, person in story["people"].items():
        if "member" in person:
            requisitions.add_member(
                requisition_id, users[key].id, MemberRole(person["member"]), actor_id=recruiter
            )
    guides.generate(requisition_id, library(), actor_id=recruiter)
    versions = guides.publish(requisition_id, actor_id=recruiter)
    versions.sort(key=lambda version: version.guide.position)
    for number, candidate in enumerate(story["candidates"]):
        _interview(requisition_id, candidate, number, versions, users, story)
    return requisition_id, accounts


def _evidence_of_others(story: dict[str, Any]) -> list[str]:
    late = story["not_submitted"]
    candidate = next(c for c in story["candidates"] if c["name"] == late["candidate"])
    return [
        rating[2]
        for competency, ratings in candidate.items()
        if isinstance(ratings, dict)
        for interviewer, rating in ratings.items()
        if interviewer != late["interviewer"] and rating is not None and competency != "name"
    ]


def _interview(
    requisition_id: int,
    candidate: dict[str, Any],
    number: int,
    versions: list[GuideVersion],
    users: dict[str, User],
    story: dict[str, Any],
) -> None:
    """Add a candidate, hold every round, and hand in what the panel thought."""
    from recruit.candidates import actions as candidates
    from recruit.interviews import actions as interviews
    from recruit.scorecards import actions as scorecards

    recruiter = users["recruiter"].id
    added = candidates.add(
        requisition_id,
        name=candidate["name"],
        email="",
        internal=candidate["internal"],
        actor_id=recruiter,
    )
    candidate_id = added.id
    late = story["not_submitted"]
    for round_number, (version, panel) in enumerate(zip(versions, story["panels"], strict=True)):
        day = now().replace(hour=8, minute=0, second=0, microsecond=0)
        interview = interviews.plan(
            requisition_id,
            candidate_id=candidate_id,
            guide_version_id=version.id,
            starts_at=day - timedelta(days=15 - 9 * round_number - number),
            timezone="Europe/Stockholm",
            place="Kommunhuset, rum 3" if round_number else "Videomöte",
            panel=[users[key].id for key in panel],
            actor_id=recruiter,
        )
        interview_id = interview.id
        content = version.content
        for key in panel:
            entries = _entries(candidate, key, content)
            if (key, candidate["name"]) == (late["interviewer"], late["candidate"]):
                scorecards.save(interview_id, users[key].id, entries, 0)
            else:
                scorecards.submit(interview_id, users[key].id, entries, 0)


def _entries(candidate: dict[str, Any], interviewer: str, content: dict[str, Any]) -> Any:
    from recruit.scorecards.entries import Entries, RatingEntry
    from recruit.scorecards.models import EvidenceLevel, Recommendation

    ratings = {}
    notes = {}
    for section in content["rounds"][0]["sections"]:
        rating = candidate[section["competency"]][interviewer]
        if rating is None:
            ratings[section["competency"]] = RatingEntry(
                not_assessed_reason="Tiden räckte inte till frågan."
            )
            continue
        score, level, text = rating
        ratings[section["competency"]] = RatingEntry(
            score=score, evidence_level=EvidenceLevel(level), evidence=text
        )
        notes[section["questions"][0]["id"]] = text
    return Entries(
        ratings=ratings, notes=notes, recommendation=Recommendation(candidate["recommendation"])
    )


def _write(out: Path, requisition_id: int, accounts: list[dict[str, Any]]) -> None:
    from recruit.accounts.queries import user_by_email
    from recruit.comparisons.queries import comparison_for
    from recruit.core.ratings import as_csv
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
    role = interview_guides_folder() / "roles" / f"{ROLE}.yaml"
    (out / "profile.yaml").write_bytes(role.read_bytes())
    (out / "accounts.json").write_text(
        json.dumps(accounts, ensure_ascii=False, indent=2), encoding="utf-8"
    )

"""Reads of an organisation's own library: what is its own, and what is wrong with it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from flask import abort, current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from recruit.core import own_library
from recruit.core.faults import Faults
from recruit.core.library import Library
from recruit.database import db
from recruit.library import file_of, library, of_files, present
from recruit.library.models import LibraryEntry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recruit.core.faults import Fault
    from recruit.core.library import Competency

TEXTS = ("name", "definition", "anchors")
WHOLE = "all"
"""The part that stands for everything an organisation says of a competency."""


@dataclass(frozen=True)
class OwnParts:
    """What of a competency the organisation wrote: all of it, its texts, questions by id."""

    whole: bool
    texts: bool
    questions: dict[str, Literal["changed", "added"]]

    @property
    def any(self) -> bool:
        """Tell whether anything is the organisation's own."""
        return self.whole or self.texts or bool(self.questions)


class Verdict(NamedTuple):
    """What stands against a content: it cannot be used, or the checker advises against it."""

    faults: list[Fault]
    advice: list[Fault]


def files_library() -> Library:
    """Return the library as the files have it: shipped, and the own folder if there is one."""
    return of_files(current_app.config["RECRUIT_LIBRARY"])


def entries() -> Sequence[LibraryEntry]:
    """Return what the organisation says, by competency; what is put back is left out."""
    found = db.session.scalars(
        select(LibraryEntry)
        .options(joinedload(LibraryEntry.changed_by))
        .order_by(LibraryEntry.competency)
    ).all()
    return [entry for entry in found if entry.content]


def entry(competency_id: str) -> LibraryEntry | None:
    """Return what the organisation says of a competency, with who wrote it."""
    return db.session.scalar(
        select(LibraryEntry)
        .where(LibraryEntry.competency == competency_id)
        .options(joinedload(LibraryEntry.changed_by))
    )


def base(competency_id: str) -> Competency | None:
    """Return the competency as the files have it."""
    return files_library().competencies.get(competency_id)


def own_parts(competency_id: str) -> OwnParts:
    """Return what of a competency is the organisation's own. Asks the database nothing new."""
    content = present().own.get(competency_id, {})
    shipped = base(competency_id)
    known = {question.id for question in shipped.questions} if shipped else set()
    return OwnParts(
        whole=bool(content) and shipped is None,
        texts=any(part in content for part in TEXTS) and shipped is not None,
        questions={
            question["id"]: "changed" if question["id"] in known else "added"
            for question in content.get("questions", [])
        },
    )


def with_texts(content: Mapping[str, Any], texts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with other texts."""
    return {key: value for key, value in content.items() if key not in TEXTS} | dict(texts)


def with_question(content: Mapping[str, Any], question: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with a question added, or in the place of the one with its id."""
    kept = list(content.get("questions", []))
    places = [number for number, item in enumerate(kept) if item["id"] == question["id"]]
    if places:
        kept[places[0]] = dict(question)
    else:
        kept.append(dict(question))
    return {**content, "questions": kept}


def without(content: Mapping[str, Any], part: str) -> dict[str, Any]:
    """Return the content without its texts ("texts"), a question by id, or anything (WHOLE).

    Aborts with 404 when there is no such part.
    """
    if part == WHOLE:
        return {}
    if part == "texts":
        return {key: value for key, value in content.items() if key not in TEXTS}
    questions = content.get("questions", [])
    kept = [item for item in questions if item["id"] != part]
    if len(kept) == len(questions):
        abort(404)
    rest = {key: value for key, value in content.items() if key != "questions"}
    return rest | ({"questions": kept} if kept else {})


def verdict(competency_id: str, content: Mapping[str, Any]) -> Verdict:
    """Return what the checker of files says of a content, as ``recruit library check`` does."""
    rest = dict(library().competencies)
    shipped = base(competency_id)
    if shipped is None:
        rest.pop(competency_id, None)
    else:
        rest[competency_id] = shipped
    now = library()
    without_it = Library(rest, now.scripts, now.roles, now.claims)
    documents = {file_of(competency_id): content} if content else {}
    try:
        own_library.overlay(without_it, documents)
    except Faults as error:
        return Verdict(list(error.faults), [])
    return Verdict([], own_library.check(without_it, documents))


def as_zip() -> bytes:
    """Return everything the organisation wrote here as a folder of files, packed.

    The same content gives the same bytes.
    """
    documents = {
        file_of(item.competency): {"id": item.competency, **item.content} for item in entries()
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in own_library.as_files(documents).items():
            archive.writestr(zipfile.ZipInfo(f"own-library/{name}", (1980, 1, 1, 0, 0, 0)), data)
    return target.getvalue()

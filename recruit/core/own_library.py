"""An organisation's own competencies, questions and wordings, laid over the shipped library.

Own documents have the format of the shipped ones and may hold a part of it: mappings are merged
key by key, lists whose entries have ids entry by entry, and all else is replaced. The shipped
files are never touched.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from recruit.core.faults import NOTHING, Fault, Faults, Said, Unreadable, said, short
from recruit.core.library import (
    Competency,
    Library,
    Script,
    competency_faults,
    load,
    role_faults,
)
from recruit.core.library_check import content_faults
from recruit.core.plain_yaml import as_model, read_yaml
from recruit.core.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

Documents = dict[str, dict[str, Any]]
"""Own documents by file name, such as ``competencies/autonomy.yaml``."""

MARKER = "own-library.yaml"
"""A folder that holds this file is an own library: it is read on top of the shipped one."""
SCHEMA = "recruit.own-library/1"
MODELS: dict[str, type[BaseModel]] = {
    "competencies": Competency,
    "scripts": Script,
    "roles": Profile,
}


def merge(base: Any, own: Any) -> Any:
    """Return the base with what the own document says in place of it."""
    if isinstance(base, dict) and isinstance(own, dict):
        # Points of a scale are numbers in a file and text in a database.
        said_here = {str(key): value for key, value in own.items()}
        return base | {key: merge(base.get(key), value) for key, value in said_here.items()}
    if _has_ids(base) and _has_ids(own):
        mine = {item["id"]: item for item in own}
        merged = [merge(item, mine.pop(item["id"], {})) for item in base]
        return merged + list(mine.values())
    return own


def _has_ids(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, dict) and isinstance(item.get("id"), str) for item in value
    )


def overlay(library: Library, documents: Mapping[str, Mapping[str, Any]]) -> Library:
    """Return the library with own documents laid over it. Raises Faults."""
    overlaid, faults = _overlay(library, documents)
    if faults:
        raise Faults(faults)
    return overlaid


def check(library: Library, documents: Mapping[str, Mapping[str, Any]]) -> list[Fault]:
    """Return everything that is wrong with own documents, as ``library_check.check`` does."""
    overlaid, faults = _overlay(library, documents)
    own = {name.removesuffix(".yaml") for name in documents}
    faults.extend(
        content_faults(
            [c for c in overlaid.competencies.values() if f"competencies/{c.id}" in own],
            [s for s in overlaid.scripts.values() if f"scripts/{s.id}" in own],
        )
    )
    return sorted(faults, key=lambda fault: (fault.file, fault.place or ""))


def _overlay(
    library: Library, documents: Mapping[str, Mapping[str, Any]]
) -> tuple[Library, list[Fault]]:
    parts: dict[str, dict[str, Any]] = {
        "competencies": dict(library.competencies),
        "scripts": dict(library.scripts),
        "roles": dict(library.roles),
    }
    faults: list[Fault] = []
    read: dict[str, Any] = {}
    for name, document in documents.items():
        kind, stem = name.removesuffix(".yaml").split("/")
        base = parts[kind].get(stem)
        known = base.model_dump(mode="json") if base is not None else {}
        try:
            part = as_model(merge(known, dict(document)), MODELS[kind], name)
        except Faults as error:
            faults.extend(error.faults)
            continue
        read[name] = part
        parts[kind][stem] = part
    owner = {
        question.id: f"competencies/{key}.yaml"
        for key, competency in parts["competencies"].items()
        if f"competencies/{key}.yaml" not in read
        for question in competency.questions
    }
    for name, part in read.items():
        if isinstance(part, Competency):
            faults.extend(competency_faults(part, name, library.claims, owner))
        elif isinstance(part, Profile):
            faults.extend(role_faults(part, name, set(parts["competencies"])))
        elif part.id != Path(name).stem:
            expected = Said(f"filens namn {Path(name).stem}", f"the file's name {Path(name).stem}")
            faults.append(Fault(name, None, "id", said(part.id), expected))
    return Library(**parts, claims=library.claims), faults


def is_own(folder: Path) -> bool:
    """Tell whether a folder says that it is an own library."""
    return (folder / MARKER).is_file()


def read_folder(folder: Path) -> Documents:
    """Return the own documents in a folder. Raises Faults."""
    faults: list[Fault] = []
    documents: Documents = {}
    paths = [path for kind in MODELS for path in sorted(folder.glob(f"{kind}/*.yaml"))]
    if not folder.is_dir():
        expected = Said("en mapp", "a folder")
        raise Faults([Fault(str(folder), None, None, NOTHING, expected)])
    for path in [*(folder.glob(MARKER)), *paths]:
        name = path.name if path.name == MARKER else f"{path.parent.name}/{path.name}"
        try:
            document = read_yaml(path.read_bytes())
        except Unreadable as error:
            faults.append(error.fault(name))
            continue
        if name == MARKER:
            schema = document.get("schema") if isinstance(document, dict) else None
            if schema != SCHEMA:
                faults.append(Fault(name, None, "schema", said(short(schema)), said(SCHEMA)))
        elif isinstance(document, dict):
            documents[name] = document
        else:
            expected = Said("nycklar med värden", "keys and values")
            faults.append(Fault(name, None, None, said(short(document)), expected))
    if faults:
        raise Faults(faults)
    return documents


def load_with(shipped: Path, own: Path | None) -> Library:
    """Return the shipped library, with an own folder laid over it if given. Raises Faults."""
    library = load(shipped)
    return library if own is None else overlay(library, read_folder(own))


def as_files(documents: Mapping[str, Mapping[str, Any]]) -> dict[str, bytes]:
    """Return own documents as files by name; in a folder, ``read_folder`` gives them back."""
    files = {MARKER: {"schema": SCHEMA}} | {
        name: _with_points(document) for name, document in documents.items()
    }
    return {
        name: yaml.safe_dump(
            document, allow_unicode=True, sort_keys=False, width=100, encoding="utf-8"
        )
        for name, document in files.items()
    }


def _with_points(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with the points of its scale as numbers, as people write them."""
    anchors = document.get("anchors")
    if not isinstance(anchors, dict):
        return dict(document)
    return {**document, "anchors": {int(point): text for point, text in anchors.items()}}

"""YAML from strangers: plain data only, with faults in one line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Hashable

LARGEST_FILE = 1_000_000
"""Bytes; a competency file takes some tens of thousands."""


class BadYaml(ValueError):
    """A file that is no plain YAML document."""


class _PlainLoader(yaml.SafeLoader):
    """Safe YAML without aliases (a small file could grow without end) and without double keys."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):  # type: ignore[no-untyped-call]
            line = self.peek_event().start_mark.line + 1  # type: ignore[no-untyped-call]
            raise BadYaml(f"line {line}: aliases are not read")
        return super().compose_node(parent, index)

    def construct_mapping(
        self,
        node: Any,
        deep: bool = False,  # noqa: FBT001, FBT002 - the signature of the base
    ) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else str(key_node)
            if key in seen:
                raise BadYaml(f"line {key_node.start_mark.line + 1}: the key {key} is there twice")
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def read_yaml(data: bytes) -> Any:
    """Return what a YAML document says. Raises BadYaml with place and fault in one line."""
    if len(data) > LARGEST_FILE:
        raise BadYaml(f"found {len(data)} bytes, expected at most {LARGEST_FILE}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadYaml(f"byte {error.start + 1}: expected UTF-8") from error
    try:
        # The class is a SafeLoader that reads less still.
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark else ""
        raise BadYaml(f"{place}{getattr(error, 'problem', None) or error}") from error
    except RecursionError as error:
        raise BadYaml("nested too deeply") from error
    except ValueError as error:
        raise BadYaml(re.sub(r"\s+", " ", str(error))) from error


def path_of(location: tuple[int | str, ...]) -> str:
    """Return a place within a document as dotted words."""
    return ".".join(str(part) for part in location)

"""YAML from people: plain data only, with faults that say where, what and what was expected."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from recruit.core.faults import (
    GIBBERISH,
    NOTHING,
    Fault,
    Faults,
    Said,
    Unreadable,
    decoded,
    said,
    short,
)

if TYPE_CHECKING:
    from collections.abc import Hashable

    from pydantic_core import ErrorDetails

LARGEST_FILE = 1_000_000
"""Bytes; a competency file takes some tens of thousands."""

DEEPEST = 100
"""Lists and keys within each other; a competency file has five."""
LIBYAML_TOO_DEEP = "exceeded maximum nesting depth"
"""What libyaml says of itself, at a thousand."""
TOO_DEEP = Said("listor i listor utan slut", "lists nested without end")
PLAIN_YAML = Said("enkel YAML", "plain YAML")

M = TypeVar("M", bound=BaseModel)


class _PlainLoader(yaml.CSafeLoader):
    """Safe YAML without double keys, read by libyaml: the library is large, and read at start."""

    def construct_mapping(
        self,
        node: Any,
        deep: bool = False,  # noqa: FBT001, FBT002 - the signature of the base
    ) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _ in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise Unreadable(
                    Said("en nyckel som inte är text", "a key that is not text"), PLAIN_YAML, line
                )
            key = key_node.value
            if key in seen:
                found = Said(f"nyckeln {short(key)} två gånger", f"the key {short(key)} twice")
                raise Unreadable(found, Said("varje nyckel en gång", "each key once"), line)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


# What YAML 1.1 takes for numbers in base 60, hexadecimal ones, dates or switches stays text.
_PlainLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)\Z", "tTfF"),
    ("null", r"(?:~|null|Null|NULL|)\Z", ["~", "n", "N", ""]),
    ("int", r"[-+]?(?:0|[1-9][0-9]{0,17})\Z", "-+0123456789"),
    (
        "float",
        r"[-+]?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,30}(?:[eE][-+]?[0-9]{1,2})?|[eE][-+]?[0-9]{1,2})\Z",
        "-+0123456789",
    ),
):
    _PlainLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first)
    )


def text_of(data: bytes) -> str:
    """Return the text of a document that is not too large to read. Raises Unreadable."""
    if len(data) > LARGEST_FILE:
        raise Unreadable(
            said(f"{len(data)} byte"),
            Said(f"högst {LARGEST_FILE} byte", f"at most {LARGEST_FILE} bytes"),
        )
    return decoded(data)


def read_yaml(data: bytes) -> Any:
    """Return what a YAML document says. Raises Unreadable."""
    text = text_of(data)
    try:
        _look_over(text)
        # The class is a SafeLoader that reads less still.
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506
    except yaml.YAMLError as error:
        if getattr(error, "problem", None) == LIBYAML_TOO_DEEP:
            raise Unreadable(TOO_DEEP, PLAIN_YAML) from error
        mark = getattr(error, "problem_mark", None)
        # What is missing at the end is marked behind the last line.
        line = min(mark.line, text.count("\n")) + 1 if mark else None
        raise Unreadable(GIBBERISH, PLAIN_YAML, line) from error
    except Unreadable:
        raise
    except ValueError as error:
        raise Unreadable(said(short(error)), PLAIN_YAML) from error


def _look_over(text: str) -> None:
    """Refuse what could make a small file grow, or exhaust the stack. Raises Unreadable."""
    depth = 0
    for event in yaml.parse(text, Loader=_PlainLoader):  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            found = Said("en hänvisning med *", "a reference with *")
            row = event.start_mark.line + 1  # type: ignore[union-attr]
            raise Unreadable(found, PLAIN_YAML, row)
        if getattr(event, "tag", None) is not None:
            found = Said("en typ som !!binary", "a type such as !!binary")
            row = event.start_mark.line + 1  # type: ignore[union-attr]
            raise Unreadable(found, PLAIN_YAML, row)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise Unreadable(TOO_DEEP, PLAIN_YAML)


def read_model(data: bytes, model: type[M], name: str) -> M:
    """Return the YAML document called ``name`` as a model. Raises Faults, one per place."""
    try:
        document = read_yaml(data)
    except Unreadable as error:
        raise Faults([error.fault(name)]) from error
    return as_model(document, model, name)


def as_model(document: object, model: type[M], name: str) -> M:
    """Return what a document called ``name`` says as a model. Raises Faults, one per place."""
    if not isinstance(document, dict):
        found = NOTHING if document is None else said(short(document))
        raise Faults(
            [Fault(name, None, None, found, Said("nycklar med värden", "keys and values"))]
        )
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise Faults([_fault(name, found) for found in error.errors()]) from error


def _fault(name: str, error: ErrorDetails) -> Fault:
    value = error["input"]
    if error["type"] == "missing" or value is None:
        found = NOTHING
    elif isinstance(value, dict | list):
        found = Said(f"{len(value)} poster", f"{len(value)} entries")
    else:
        found = said(short(value) or '""')
    place = ".".join(str(part) for part in error["loc"])
    return Fault(name, None, place, found, _expected(error))


_EXPECTED = {
    "missing": Said("ett värde", "a value"),
    "string_too_short": Said("ett värde", "a value"),
    "extra_forbidden": Said("ingen sådan nyckel", "no such key"),
    "int_type": Said("ett heltal", "a whole number"),
    "int_parsing": Said("ett heltal", "a whole number"),
    "string_type": said("text"),
    "list_type": Said("en lista", "a list"),
    "dict_type": Said("nycklar med värden", "keys and values"),
    "model_type": Said("nycklar med värden", "keys and values"),
    "string_pattern_mismatch": Said("mönstret {pattern}", "the pattern {pattern}"),
    "string_too_long": Said("högst {max_length} tecken", "at most {max_length} characters"),
    "greater_than_equal": Said("minst {ge}", "at least {ge}"),
    "less_than_equal": Said("högst {le}", "at most {le}"),
    "too_short": Said("minst {min_length} poster", "at least {min_length} entries"),
    "too_long": Said("högst {max_length} poster", "at most {max_length} entries"),
}
"""What a kind of pydantic error asks for, with its limits."""


def _expected(error: ErrorDetails) -> Said:
    """Return what an error asks for; in pydantic's own words where we have none.

    A validator of ours raises ValueError with a Said as its argument.
    """
    limits = error.get("ctx", {})
    if error["type"] == "value_error" and isinstance(limits["error"].args[0], Said):
        return Said(*limits["error"].args[0])
    if error["type"] == "literal_error":
        choices = str(limits["expected"])
        return Said(choices.replace(" or ", " eller "), choices)
    if error["type"] in _EXPECTED:
        words = _EXPECTED[error["type"]]
        return Said(words.sv.format(**limits), words.en.format(**limits))
    return said(error["msg"])

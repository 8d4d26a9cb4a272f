"""Templates of documents, without a web request."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from recruit.documents.phrases import Words
from recruit.resources import templates_folder


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, language: str, **values: Any) -> str:
    """Return the HTML of a document; ``t`` in the template is its ``Words``."""
    return _environment().get_template(template).render(t=Words(language), **values)

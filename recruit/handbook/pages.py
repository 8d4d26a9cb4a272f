"""Reads the handbook's pages, which are Markdown: one file for each kind of user and language.

What stands in bold is what the product calls a button, link, field, page or menu, and nothing else
is bold.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markupsafe import Markup

from recruit.resources import PACKAGE

if TYPE_CHECKING:
    from pathlib import Path

READERS = ("recruiter", "hiring_manager", "interviewer", "administrator")
TEXTS = PACKAGE / "handbook" / "texts"


@dataclass(frozen=True)
class Page:
    """One page: its heading as plain text, and the HTML below it."""

    title: str
    html: Markup


def path_of(reader: str, language: str) -> Path:
    """Return the file of a kind of user in a language ("sv" or "en")."""
    return TEXTS / f"{reader.replace('_', '-')}.{language}.md"


@cache
def page(reader: str, language: str) -> Page:
    """Return the page for a kind of user in a language ("sv" or "en")."""
    # HTML in the text would be shown as text, though all of it is our own.
    markdown = MarkdownIt("commonmark", {"html": False})
    tokens = markdown.parse(path_of(reader, language).read_text("utf-8"))
    _opening, heading, _closing, *rest = tokens
    for token in rest:
        if token.type == "heading_open":
            token.attrs |= {"class": "ds-heading", "data-size": "xs"}
    html = markdown.renderer.render(rest, markdown.options, {})
    return Page(heading.content, Markup(html))  # noqa: S704 - our own text, rendered without HTML

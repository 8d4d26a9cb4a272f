"""Templates of documents, without a web request."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from recruit.core.text import direction, isolated
from recruit.documents import fonts
from recruit.documents.phrases import Words
from recruit.resources import templates_folder

TEXT_OF_BODY = re.compile(r"(?<=>)[^<>]+(?=<)")
LONG_WORD = re.compile(r"((?:&#?\w+;|[^\s<>&]){500})(?=[^\s<>])")


def css_text(text: str) -> Markup:
    """Return the text as it may stand within a quoted string of a style sheet.

    Every character but letters, digits and plain punctuation becomes an escape, so that no text
    can end the string, the rule or the element.
    """
    return Markup(  # noqa: S704 - nothing is left that has a meaning
        "".join(c if c.isalnum() or c in " .,:()–·" else f"\\{ord(c):x} " for c in text)
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["css_text"] = css_text
    environment.filters["direction"] = direction
    environment.filters["isolated"] = isolated
    return environment


def render(template: str, language: str, **values: Any) -> str:
    """Return the HTML of a document; ``t`` in the template is its ``Words``."""
    html = _environment().get_template(template).render(t=Words(language), **values)
    # Names copied on a Mac come with loose accents, which the bundled font does not hold.
    html = unicodedata.normalize("NFC", html)
    html = _with_breaks(html)
    style = fonts.style_for(html)
    # To the end of the style sheet, whose families it adds to.
    end = html.rindex("</style>", 0, html.index("</head>"))
    return f"{html[:end]}{style}{html[end:]}"


def _with_breaks(html: str) -> str:
    """Return the HTML with a place to break within words that nobody can have meant.

    Pango lays out what is left of a word for each of its lines: a word of 20,000 letters took nine
    seconds.
    """
    head, body, rest = html.partition("<body>")
    marked = TEXT_OF_BODY.sub(lambda text: LONG_WORD.sub(r"\1<wbr>", text[0]), rest)
    return head + body + marked

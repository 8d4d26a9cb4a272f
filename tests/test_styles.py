"""The style sheets speak one language.

Colours are named in one file, every name is known, and no rule is said twice or for nothing.
"""

from __future__ import annotations

import re
from collections import Counter

import tinycss2

from recruit.resources import PACKAGE, templates_folder

SHEETS = {
    path.name: re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    for path in sorted((PACKAGE / "static" / "css").glob("*.css"))
}
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|oklch|color)\([^)]*\)")
NAMED = re.compile(
    r"(?:color|background|border[\w-]*|fill|stroke):[^;]*\b(?:white|black|red|grey|gray)\b"
)
STRING = re.compile(r"[\"'`]([^\"'`\n]*)[\"'`]")
OF_DATA = {"comparison.css"}
"""The heat table's shades are part of its drawing, as in the PDF; each stands beside its number."""


def test_colours_are_named_in_one_place():
    assert len(SHEETS) > 10
    found = {
        name: COLOUR.findall(text) + NAMED.findall(text)
        for name, text in SHEETS.items()
        if name != "theme.css" and name not in OF_DATA
    }
    assert {name: colours for name, colours in found.items() if colours} == {}
    assert COLOUR.findall(SHEETS["theme.css"])


def test_every_name_is_defined():
    defined = {name for text in SHEETS.values() for name in re.findall(r"(--[\w-]+)\s*:", text)}
    used = {
        (sheet, name)
        for sheet, text in SHEETS.items()
        for name in re.findall(r"var\((--[\w-]+)\)", text)
        if not name.startswith("--ds-")
    }
    assert used
    assert {(sheet, name) for sheet, name in used if name not in defined} == set()


def test_light_and_dark_name_the_same():
    light, dark = SHEETS["theme.css"].split("@media (prefers-color-scheme: dark)")
    colours = re.compile(r"(--[\w-]+):\s*#")
    assert set(colours.findall(light)) == set(colours.findall(dark))


def rules(nodes, within=""):
    """Return the selectors of all rules, with what they are nested in."""
    for node in nodes:
        if node.type == "qualified-rule":
            yield within, " ".join(tinycss2.serialize(node.prelude).split())
        elif node.type == "at-rule" and node.lower_at_keyword in {"media", "supports"}:
            inner = tinycss2.parse_blocks_contents(node.content, skip_whitespace=True)
            yield from rules(inner, tinycss2.serialize(node.prelude).strip())


RULES = {
    name: list(rules(tinycss2.parse_stylesheet(text, skip_whitespace=True)))
    for name, text in SHEETS.items()
}


def test_no_rule_is_written_twice():
    counted = Counter(rule for found in RULES.values() for rule in found)
    assert [rule for rule, times in counted.items() if times > 1] == []


def test_every_class_is_used():
    """A class is given by a template, or named in a string of a script or of Python."""
    templates = [path.read_text("utf-8") for path in templates_folder().rglob("*.html")]
    given = re.compile(r"class(?:es)?=([\"'])(.*?)\1|block body_class %\}(.*?)\{", re.DOTALL)
    texts = [found[0] for text in templates for found in given.finditer(text)]
    code = [*PACKAGE.rglob("*.py"), *(PACKAGE / "static" / "js").rglob("*.js")]
    texts += [found for path in code for found in STRING.findall(path.read_text("utf-8"))]
    words = set(re.findall(r"[a-z][\w-]*", "\n".join(texts)))
    named = {
        (name, word)
        for name, found in RULES.items()
        for _within, selector in found
        for word in re.findall(r"\.((?!ds-)[a-z][\w-]*)", selector)
    }
    assert len(named) > 200
    assert {(name, word) for name, word in named if word not in words} == set()

"""The style sheets speak one language: colours are named in one file, and every name is known."""

from __future__ import annotations

import re

from recruit.resources import PACKAGE

SHEETS = {
    path.name: re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    for path in sorted((PACKAGE / "static" / "css").glob("*.css"))
}
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|oklch|color)\([^)]*\)")
NAMED = re.compile(
    r"(?:color|background|border[\w-]*|fill|stroke):[^;]*\b(?:white|black|red|grey|gray)\b"
)
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

"""The fonts that a document needs beyond those of every document, by the characters in it.

Inter's Latin letters stand in ``base.css``. What they lack comes from fonts that are loaded only
where they are used, so that the ordinary document costs no more. Fonts of the machine are never
used: the same document looks alike everywhere.
"""

from __future__ import annotations

import json
import os
import unicodedata
import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

from recruit.resources import PACKAGE, static_folder

IN_EVERY_DOCUMENT = ("inter-latin", "inter-latin-ext")
FIRST_FOREIGN = "\u0250"
"""Inter's Latin letters come before it, and much punctuation after it."""
UNSEEN = "Cf"
"""The category of marks of direction and joiners, which are not drawn."""
SOME_TIME = "946684800"
"""The beginning of the year 2000; any would do."""


@dataclass(frozen=True)
class Font:
    """A font with its files by weight and the characters that it holds.

    A file for any weight stands under "".
    """

    family: str
    files: dict[str, str]
    characters: frozenset[str]

    def faces(self) -> str:
        """Return the rules that load it."""
        return "".join(
            f'@font-face {{ font-family: "{self.family}"; '
            f"{f'font-weight: {weight}; ' if weight else ''}src: url(recruit:{file}); }}\n"
            for weight, file in self.files.items()
        )


@cache
def _fonts() -> tuple[Font, ...]:
    listed = json.loads((static_folder() / "vendor" / "fonts.json").read_text("utf-8"))
    return tuple(
        Font(
            font["family"],
            font["files"],
            frozenset(chr(c) for low, high in font["characters"] for c in range(low, high + 1)),
        )
        for font in listed
    )


def needed(text: str) -> list[Font]:
    """Return the fonts for what the fonts of every document lack, in the order to try them."""
    wanted = {c for c in set(text) if c >= FIRST_FOREIGN and unicodedata.category(c) != UNSEEN}
    if not wanted:
        return []
    for font in _fonts():
        if font.family in IN_EVERY_DOCUMENT:
            wanted -= font.characters
    found = []
    for font in _fonts():
        if wanted & font.characters:
            found.append(font)
            wanted -= font.characters
    return found


def style_for(text: str) -> str:
    """Return the rules that let a document show a text; none where every document's fonts do."""
    found = needed(text)
    if not found:
        return ""
    families = ", ".join(["Inter", '"Inter Ext"', *(f'"{font.family}"' for font in found)])
    rule = f"{{ font-family: {families}; }}"
    feet = f"@page {{ @bottom-left {rule} @bottom-right {rule} }}"
    return f"{''.join(font.faces() for font in found)}html {rule}\n{feet}\n"


def weasyprint() -> Any:
    """Return WeasyPrint, which sees no font of the machine and no time of day."""
    # Fontconfig reads its settings once, on import, and warns that there are no fonts yet.
    os.environ["FONTCONFIG_FILE"] = str(PACKAGE / "documents" / "fonts.conf")
    # Each weight that is cut from a variable font carries the time, unless one is given.
    os.environ.setdefault("SOURCE_DATE_EPOCH", SOME_TIME)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import weasyprint
    return weasyprint

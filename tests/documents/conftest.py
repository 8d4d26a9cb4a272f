"""Reads PDFs back."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], str]:
    """Return the text of a PDF as another program reads it."""

    def text(pdf: bytes) -> str:
        path = tmp_path / "read.pdf"
        path.write_bytes(pdf)
        answer = subprocess.run(
            ["pdftotext", "-enc", "UTF-8", path, "-"], capture_output=True, check=True
        )
        return " ".join(answer.stdout.decode().split())

    return text


@pytest.fixture
def places(tmp_path: Path) -> Callable[[bytes], list[tuple[list[tuple[Any, ...]], float]]]:
    """Return the words of each page as (left, top, right, bottom, word) in points, and its width.

    An A4 page is 595 wide and 842 high.
    """
    word = re.compile(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>')

    def found(pdf: bytes) -> list[tuple[list[tuple[Any, ...]], float]]:
        path = tmp_path / "places.pdf"
        path.write_bytes(pdf)
        answer = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True)
        pages = answer.stdout.decode().split("<page ")[1:]
        return [
            (
                [(*map(float, place), text) for *place, text in word.findall(page)],
                float(page.partition('width="')[2].partition('"')[0]),
            )
            for page in pages
        ]

    return found

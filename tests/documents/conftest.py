"""Reads PDFs back, has them checked, and makes renderers."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from recruit.documents.renderer import Renderer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def pages(tmp_path: Path) -> Callable[[bytes], list[str]]:
    """Return the text of each page of a PDF as another program reads it, on one line."""

    def texts(pdf: bytes) -> list[str]:
        path = tmp_path / "read.pdf"
        path.write_bytes(pdf)
        answer = subprocess.run(
            ["pdftotext", "-enc", "UTF-8", path, "-"], capture_output=True, check=True
        )
        return [" ".join(page.split()) for page in answer.stdout.decode().split("\f")[:-1]]

    return texts


@pytest.fixture
def read(pages: Callable[[bytes], list[str]]) -> Callable[[bytes], str]:
    """Return the text of a PDF on one line."""
    return lambda pdf: " ".join(filter(None, pages(pdf)))


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
        sheets = answer.stdout.decode().split("<page ")[1:]
        return [
            (
                [(*map(float, place), text) for *place, text in word.findall(sheet)],
                float(sheet.partition('width="')[2].partition('"')[0]),
            )
            for sheet in sheets
        ]

    return found


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return what an independent checker says of a PDF; its exit status is 0 without a fault."""

    def said(pdf: bytes, *command: str) -> subprocess.CompletedProcess[str]:
        program, *options = command or ("outloud", "--fail-on", "warning")
        path = tmp_path / "checked.pdf"
        path.write_bytes(pdf)
        return subprocess.run(
            [Path(sys.executable).with_name(program), *options, path],
            capture_output=True,
            text=True,
            check=False,
        )

    return said


@pytest.fixture
def make_pool() -> Iterator[Callable[..., Renderer]]:
    """Make a renderer, of one worker unless told otherwise; its workers end with the test."""
    with ExitStack() as made:

        def make(workers: int = 1, **limits: Any) -> Renderer:
            return made.enter_context(closing(Renderer(workers, **limits)))

        yield make

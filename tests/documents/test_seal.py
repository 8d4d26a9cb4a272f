"""Files as auditors get them: whole, altered, cut, locked, saved anew, and others'."""

from __future__ import annotations

import hashlib
import io
import subprocess

import pikepdf
import pytest
from click.testing import CliRunner

from recruit.cli import main
from recruit.documents import seal
from recruit.documents.renderer import render_pdf
from recruit.documents.seal import UnfitFile
from tests.documents.reports import merits


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render_pdf(merits().html())


@pytest.fixture
def told(tmp_path):
    """Return exit status, what is said and what is complained of about a file's bytes."""

    def run(data: bytes, *more: str) -> tuple[int, str, str]:
        path = tmp_path / "file.pdf"
        path.write_bytes(data)
        done = CliRunner().invoke(main, ["verify", str(path), *more])
        assert done.exception is None or isinstance(done.exception, SystemExit)
        return done.exit_code, done.stdout, done.stderr.replace(f"{path}: ", "")

    return run


def saved_anew(pdf: bytes, **options) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(target, **options)
    return target.getvalue()


def test_the_file_that_was_made_is_untouched_and_the_same(pdf, told):
    status, said, complained = told(pdf)
    assert (status, complained) == (0, "")
    assert said.splitlines() == [
        "Uppgift om meriter: Enhetschef i hemtjänsten",
        f"Kontrollsumma: {merits().content_hash}",
        "Orörd sedan den gjordes.",
        "Samma innehåll ger samma fil, byte för byte.",
    ]


def test_english_is_english(pdf, told):
    assert told(pdf, "--lang", "en")[1].endswith(
        "Untouched since it was made.\nThe same content gives the same file, byte for byte.\n"
    )


def test_an_auditor_needs_no_program_of_ours(pdf, tmp_path):
    path = tmp_path / "x.pdf"
    path.write_bytes(pdf)
    first = subprocess.run(["head", "-n", "-1", path], capture_output=True, check=True).stdout
    assert pdf.endswith(f"%recruit sha256 {hashlib.sha256(first).hexdigest()}\n".encode())


def test_one_altered_byte_is_seen_wherever_it_is(pdf):
    def never(html: str) -> bytes:
        raise AssertionError("a broken seal is no reason to render")

    places = [*range(0, len(pdf), 997), 1, len(pdf) - 1, len(pdf) - 70, len(pdf) - 85]
    for place in places:
        altered = bytearray(pdf)
        altered[place] ^= 1
        try:
            assert not seal.verify(bytes(altered), never).untouched, place
        except UnfitFile:
            # The line of the seal is gone or not ours, and the rest not readable.
            assert seal.LINE.search(bytes(altered)) is None, place


ALTERED = "ÄNDRAD. Filen är inte som den var när den gjordes.\n"


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        (lambda pdf: b"", 2, "Filen är tom.\n"),
        (lambda pdf: b"hej", 2, "Filen är ingen PDF.\n"),
        (
            lambda pdf: pdf[: len(pdf) // 3],
            2,
            "Filen är skadad eller avklippt och går inte att läsa.\n",
        ),
        (lambda pdf: pdf[:-60], 1, ALTERED),
        (lambda pdf: pdf[:-2] + b"x\n", 1, ALTERED),
        (lambda pdf: pdf + b"\n", 1, ALTERED),
        (saved_anew, 1, ALTERED),
        (
            lambda pdf: saved_anew(pdf, encryption=pikepdf.Encryption(user="a", owner="b")),
            2,
            "Filen är låst med lösenord. Recruit låser inga filer, så den har sparats om.\n",
        ),
    ],
)
def test_bad_files_get_a_clear_line(pdf, told, change, status, said):
    assert told(change(pdf))[::2] == (status, said)


def test_another_products_pdf_is_foreign(told):
    other = io.BytesIO()
    with pikepdf.new() as blank:
        blank.add_blank_page()
        blank.save(other)
    status, _said, complained = told(other.getvalue())
    assert status == 2
    assert complained == (
        "Filen är ingen handling från Recruit, eller så har allt som visar det tagits bort.\n"
    )


def test_pages_that_their_source_does_not_give_are_suspect_though_sealed_anew(pdf, told):
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.pages[0].Contents.write(opened.pages[0].Contents.read_bytes() + b"\n")
        opened.save(target)
    status, said, complained = told(seal.sealed(target.getvalue()))
    assert status == 1
    assert "Orörd" in said
    assert complained == (
        "MISSTÄNKT. Sidorna är inte de som innehållet ger, fast sigillet stämmer.\n"
    )


def test_another_version_is_told(pdf, told):
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.Root.PieceInfo.Recruit.Private.Version = "0.0.9"
        opened.save(target)
    status, _said, complained = told(seal.sealed(target.getvalue()))
    assert status == 1
    assert complained.startswith("Filen är gjord med version 0.0.9")


def test_a_source_that_swells_is_refused(pdf):
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        bomb = b"\0" * (seal.LARGEST_SOURCE + 1)
        opened.Root.PieceInfo.Recruit.Private.Source = pikepdf.Stream(opened, bomb)
        opened.save(target)
    verdict = seal.verify(seal.sealed(target.getvalue()), lambda html: b"")
    assert verdict == seal.Verdict(untouched=False, same=False, title="", checksum="", version="")


def test_a_file_that_is_not_there(tmp_path):
    path = tmp_path / "file.pdf"
    done = CliRunner().invoke(main, ["verify", str(path)])
    assert done.exit_code == 2
    assert done.stderr == f"{path}: No such file or directory\n"

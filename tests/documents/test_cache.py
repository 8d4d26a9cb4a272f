"""Finished documents on disk: found, shared, bounded, private, erased."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import stat
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from recruit.documents import cache as module
from recruit.documents import seal
from recruit.documents.cache import DocumentCache, key_of
from recruit.resources import static_folder
from tests.documents.example import MADE, document
from tests.documents.reports import merits

GROUP = "requisition-1"
PDF = seal.sealed(b"%PDF-1.7 whole\n")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "documents"


@pytest.fixture
def kept(folder):
    return DocumentCache(folder, 1)


def never(html):
    raise AssertionError("made anew")


def test_what_has_not_changed_is_not_made_again(kept):
    made = merits()
    assert kept.document(GROUP, made, lambda html: PDF) == PDF
    later = replace(made, identity=replace(made.identity, generated_at=MADE + timedelta(1)))
    assert kept.document(GROUP, later, never) == PDF
    other = seal.sealed(b"%PDF-1.7 other\n")
    assert kept.document(GROUP, merits(other="Finska"), lambda html: other) == other
    assert kept.document("requisition-2", made, lambda html: other) == other


def test_the_key_follows_content_kind_and_program(monkeypatch):
    made = document()
    assert key_of(made) == key_of(document())
    assert key_of(made) != key_of(document(title="Annan"))
    before = key_of(made)
    monkeypatch.setattr(module, "_program", lambda: "another version")
    assert key_of(made) != before


@pytest.mark.parametrize("kind", ["woff2", "ttf"])
def test_the_program_is_another_with_another_font(monkeypatch, tmp_path, kind):
    before = module._program.__wrapped__()
    shutil.copytree(static_folder() / "vendor", tmp_path / "vendor")
    monkeypatch.setattr(module, "static_folder", lambda: tmp_path)
    assert module._program.__wrapped__() == before
    font = next((tmp_path / "vendor").rglob(f"*.{kind}"))
    font.write_bytes(font.read_bytes() + b"x")
    assert module._program.__wrapped__() != before


def test_files_are_this_accounts_alone(kept, folder):
    kept.keep(GROUP, "a", PDF)
    modes = {stat.S_IMODE(p.stat().st_mode) for p in (folder, folder / GROUP)}
    assert modes == {0o700}
    assert stat.S_IMODE((folder / GROUP / "a.pdf").stat().st_mode) == 0o600


def test_a_folder_that_others_can_read_is_not_used(kept, folder):
    folder.mkdir()
    folder.chmod(0o755)
    assert kept.document(GROUP, merits(), lambda html: PDF) == PDF
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_does_no_harm(tmp_path):
    (tmp_path / "file").write_text("in the way")
    blocked = DocumentCache(tmp_path / "file" / "documents", 1)
    assert blocked.document(GROUP, merits(), lambda html: PDF) == PDF
    assert blocked.find(GROUP, key_of(merits())) is None


@pytest.mark.parametrize("damage", [b"", PDF[:-5], b"x" + PDF, PDF.replace(b"whole", b"wholf")])
def test_a_damaged_file_is_made_anew(kept, folder, damage):
    made = merits()
    kept.document(GROUP, made, lambda html: PDF)
    (folder / GROUP / f"{key_of(made)}.pdf").write_bytes(damage)
    assert kept.document(GROUP, made, lambda html: PDF) == PDF
    assert kept.document(GROUP, made, never) == PDF


def test_the_longest_unused_goes_when_the_folder_is_full(kept, folder):
    large = seal.sealed(b"%PDF" + b"x" * 300_000)
    for number, key in enumerate("abc"):
        kept.keep(GROUP, key, large)
        at = time.time() - 100 + number
        os.utime(folder / GROUP / f"{key}.pdf", (at, at))
    assert kept.find(GROUP, "a") == large
    kept.keep("requisition-2", "d", large)
    assert {path.stem for path in folder.glob("*/*.pdf")} == {"a", "c", "d"}


def test_old_ones_and_abandoned_ones_go(kept, folder):
    kept.keep(GROUP, "old", PDF)
    long_ago = time.time() - module.LONGEST_KEPT - 60
    os.utime(folder / GROUP / "old.pdf", (long_ago, long_ago))
    (folder / GROUP / ".unfinished").write_bytes(b"%PDF")
    os.utime(folder / GROUP / ".unfinished", (long_ago, long_ago))
    kept.keep(GROUP, "new", PDF)
    assert [path.name for path in (folder / GROUP).iterdir()] == ["new.pdf"]


def test_a_group_is_erased_and_no_other(kept):
    kept.keep(GROUP, "a", PDF)
    kept.keep("requisition-2", "a", PDF)
    kept.erase(GROUP)
    kept.erase(GROUP)
    assert kept.find(GROUP, "a") is None
    assert kept.find("requisition-2", "a") == PDF


@pytest.mark.parametrize("group", ["", "..", "../x", "requisition", "/tmp", "a-1/../b-2"])
def test_a_group_is_never_a_way_out(kept, group):
    with pytest.raises(ValueError, match="no group"):
        kept.erase(group)


def keep_many(folder, number):
    shared = DocumentCache(folder, 1)
    data = seal.sealed(b"%PDF" + bytes([65 + number]) * 100_000)
    for _ in range(30):
        shared.keep(GROUP, "same", data)
        found = shared.find(GROUP, "same")
        assert found is not None
        assert len(found) == len(data)
        shared.keep(GROUP, f"own-{number}", data)


def test_many_processes_share_it(folder):
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=keep_many, args=(folder, number)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    assert {path.name for path in (folder / GROUP).iterdir()} == {
        "same.pdf",
        *(f"own-{number}.pdf" for number in range(4)),
    }

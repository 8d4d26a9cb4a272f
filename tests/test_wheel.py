"""The wheel holds everything that runs, and works where there is no checkout."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    return path


@pytest.mark.parametrize(
    "name",
    [
        "recruit/_data/templates/pdf/comparison.html",
        "recruit/_data/templates/mail/invitation.txt",
        "recruit/_data/interview_guides/competencies/autonomy.yaml",
        "recruit/_data/migrations/env.py",
        "recruit/_data/migrations/alembic.ini",
        "recruit/demo/story.yaml",
        "recruit/handbook/texts/interviewer.sv.md",
        "recruit/static/css/theme.css",
        "recruit/static/vendor/designsystemet/index.css",
        "recruit/static/vendor/inter/inter-latin-400-normal.woff2",
        "recruit/static/vendor/licences/inter-LICENSE.txt",
        "recruit/static/vendor/licences/designsystemet-css-LICENSE.txt",
        "recruit/translations/sv/LC_MESSAGES/messages.mo",
    ],
)
def test_holds(wheel, name):
    assert name in zipfile.ZipFile(wheel).namelist()


def test_runs_outside_a_checkout(wheel, tmp_path):
    """Unpacked alone in a folder, it makes the whole demo from its own files."""
    place = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(place)
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import recruit; "
        "assert recruit.__file__.startswith(sys.argv[1]), recruit.__file__; "
        "from recruit.cli import main; main(['demo', '--no-serve', '--out', sys.argv[2]])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(place), str(tmp_path / "demo")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "demo" / "comparison.pdf").read_bytes().startswith(b"%PDF-1.7")

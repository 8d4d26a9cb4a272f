"""Every benchmark runs for a moment, so that none measures nothing without anybody noticing."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "benchmarks"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("name", NAMES)
def test_a_short_run_measures_something(name):
    assert "--short" in (FOLDER / f"{name}.py").read_text("utf-8"), "it has no short run"
    done = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{name}", "--short"],
        cwd=FOLDER.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"[1-9]", done.stdout)


def test_answers_that_are_refused_have_no_percentiles(tmp_path):
    """As when the benchmark signs in by a way that no longer works."""
    spoilt = (
        "import sys; from tests.benchmarks import autosave as a; a.sign_in = lambda app, one: None;"
        "sys.argv = ['autosave', '--short']; sys.exit(a.main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", spoilt],
        cwd=FOLDER.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "errors" in done.stdout
    assert "p99" not in done.stdout

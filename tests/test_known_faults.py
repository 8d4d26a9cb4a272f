"""The packages that are installed have no faults that are publicly known.

No database of advisories comes as a package that is kept up to date, so the check asks the service
of ``pip-audit`` where that is installed and can be reached. Elsewhere it is skipped, and says so.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PINNED = ("requirements.txt", "requirements-build.txt")
HOW = "pip install pip-audit, then this test, on a machine that reaches its service"


@pytest.mark.skipif(
    importlib.util.find_spec("pip_audit") is None,
    reason=f"pip-audit is not installed, so no advisories were asked for: {HOW}.",
)
@pytest.mark.parametrize("name", PINNED)
def test_no_pinned_package_has_a_known_fault(name):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip_audit", "--requirement", str(ROOT / name)),
            *("--disable-pip", "--require-hashes", "--progress-spinner", "off"),
            *("--format", "json", "--timeout", "20"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        told = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        last = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        pytest.skip(f"The service of advisories was not reached ({last[:100]}): {HOW}.")
    unknown = [package["name"] for package in told if "skip_reason" in package]
    if unknown:
        # A mirror has the packages and not what is known of them: silence is no answer.
        pytest.skip(f"Nothing was told of {len(unknown)} of {len(told)} packages: {HOW}.")
    assert len(told) > 5
    faults = {
        f"{package['name']} {package['version']}": [fault["id"] for fault in package["vulns"]]
        for package in told
        if package.get("vulns")
    }
    assert faults == {}

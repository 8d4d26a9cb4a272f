"""Prints how long the demo's pages take: ``.venv/bin/python tests/benchmarks/pages.py``.

Median of 30 answers per page, in milliseconds and as a ratio to the health check of the same run,
taken in turns so that a busy moment falls on all alike.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from recruit import demo

ROUNDS = 1 if "--short" in sys.argv else 30
PAGES = {
    "rut.demo": [
        "/health",
        "/",
        "/requisitions/",
        "/requisitions/1",
        "/requisitions/1/guides/",
        "/requisitions/1/guides/1",
        "/requisitions/1/candidates/",
        "/requisitions/1/interviews/",
        "/requisitions/1/interviews/new",
        "/requisitions/1/comparison/",
        "/requisitions/1/comparison/comparison.json",
    ],
    "kim.utkast": [
        "/",
        "/requisitions/1/interviews/10/scorecard/",
        "/requisitions/1/interviews/2/scorecard/",
    ],
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        app = demo.build(out, demo.settings(out, 5000))
        accounts = {a["email"]: a for a in json.loads((out / "accounts.json").read_text())}
        clients = {}
        for name in PAGES:
            client = clients[name] = app.test_client()
            token = client.get("/sign-in").text.partition('csrf_token" type="hidden" value="')[2]
            account = accounts[f"{name}@example.org"]
            client.post(
                "/sign-in",
                data={
                    "email": account["email"],
                    "password": account["password"],
                    "csrf_token": token.partition('"')[0],
                },
            )
        times: dict[tuple[str, str], list[float]] = {}
        for _ in range(ROUNDS):
            for name, paths in PAGES.items():
                for path in paths:
                    start = time.perf_counter()
                    answer = clients[name].get(path)
                    times.setdefault((name, path), []).append(time.perf_counter() - start)
                    assert answer.status_code == 200, path
    least = statistics.median(times["rut.demo", "/health"])
    print(f"{'median ms':>10} {'ratio':>7}  page")
    for (name, path), found in times.items():
        median = statistics.median(found)
        print(f"{median * 1000:10.1f} {median / least:7.1f}  {name:<11} {path}")


if __name__ == "__main__":
    main()

"""Prints whether time tells who has an account: ``python -m tests.benchmarks.sign_in_times``.

Median of 200 answers for each address and kind of account, in milliseconds and as a ratio to an
address that nobody has, taken in turns so that a busy moment falls on all alike. Ends with 1 when
a ratio is outside 1/1.2 to 1.2, or when an answer is not as for everybody.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import update

from recruit import demo
from recruit.accounts.models import User
from recruit.database import db, write
from recruit.extensions import limiter

ROUNDS = 3 if "--short" in sys.argv else 200
MOST = 1.2
PATHS = ("/sign-in", "/sign-in/link", "/password/reset")
UNKNOWN = "nobody@example.org"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        app = demo.build(out, demo.settings(out, 5000))
        known, closed, bare = (
            account["email"] for account in json.loads((out / "accounts.json").read_text())[-3:]
        )
        with app.app_context():
            with write():
                db.session.execute(update(User).where(User.email == closed).values(active=False))
                db.session.execute(update(User).where(User.email == bare).values(password=None))
            db.session.remove()
        addresses = {
            "unknown": UNKNOWN,
            "known": known,
            "closed": closed,
            "without a password": bare,
        }
        times: dict[tuple[str, str], list[float]] = {}
        client = app.test_client()
        page = client.get("/sign-in").text
        token = page.partition('csrf_token" type="hidden" value="')[2].partition('"')[0]
        for number in range(ROUNDS):
            order = list(addresses.items())
            # Whoever comes first in a turn is not always the same.
            for kind, address in order[number % 4 :] + order[: number % 4]:
                for path in PATHS:
                    with app.app_context():
                        limiter.reset()
                    form = {"email": address, "password": "not the one", "csrf_token": token}
                    start = time.perf_counter()
                    answer = client.post(path, data=form)
                    times.setdefault((path, kind), []).append(time.perf_counter() - start)
                    if answer.status_code != 200:
                        sys.exit(f"{path} answered {answer.status_code}")
    ratios = []
    print(f"{'median ms':>10} {'ratio':>7}  address")
    for (path, kind), found in sorted(times.items()):
        median = statistics.median(found)
        ratio = median / statistics.median(times[path, "unknown"])
        ratios.append(ratio)
        print(f"{median * 1000:10.2f} {ratio:7.3f}  {path}, {kind}")
    if "--short" not in sys.argv and not all(1 / MOST <= ratio <= MOST for ratio in ratios):
        sys.exit(f"A ratio is not between {1 / MOST:.2f} and {MOST}.")


if __name__ == "__main__":
    main()

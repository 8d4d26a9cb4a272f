"""Prints what documents cost: ``.venv/bin/python tests/benchmarks/pdf.py``.

The comparison of 5 x 8 x 4 and of 30 x 10 x 5, made of the same HTML by bare WeasyPrint (the
floor), by the renderer, and by Chromium printing with tags; then what the cache and one changed
candidate cost. Each is timed in a process of its own after one round to warm up: the least of the
rounds, in milliseconds of the clock and of the processors, with its ratio to the floor, and the
peak of memory. Ways take turns, so that what else the machine does meets all of them alike.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

SIZES = {"5 x 8 x 4": (5, 8, 4), "30 x 10 x 5": (30, 10, 5)}
WAYS = ("bare", "renderer", "pool", "chromium")
ROUNDS = 3
TURNS = 3
MADE = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
EVIDENCE = (
    "Beskrev hur hon lät gruppen välja arbetssätt och följde upp varje vecka med frågor i stället "
    "för kontroll; frånvaron gick ned och medarbetarna berättade själva om det i enkäten."
)


def document(size, *, changed=False):
    from recruit.core import comparison
    from recruit.core.ratings import RatingTable, Score
    from recruit.documents.comparison import ComparisonDocument

    chance = random.Random(1)
    candidates, competencies, interviewers = size
    rows = tuple(
        Score(
            f"Kandidat Exempelsson {p}",
            f"Intervjuare Prov {i}",
            f"competency-{c}",
            score := chance.randint(1, 5),
            f"{EVIDENCE} ({p}, {i}, {c})" + (" Ändrat." if changed and p == 15 else ""),
            ("talk", "example", "pattern")[min(2, score // 2)],
        )
        for p in range(candidates)
        for i in range(interviewers)
        for c in range(competencies)
    )
    return ComparisonDocument(
        comparison=comparison.build(RatingTable(rows)),
        title="Enhetschef i hemtjänsten",
        unit="Hemtjänsten",
        organisation="Exempelkommunen",
        language="sv",
        generated_at=MADE,
        competency_names={f"competency-{c}": f"Kompetens nummer {c}" for c in range(competencies)},
        guide_versions="Första intervjun v3",
        rounds=("Första intervjun",),
        must_have={},
        pending=(),
    )


def processor_seconds():
    own, below = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + below.ru_utime + below.ru_stime


def bare(html):
    import weasyprint
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    from recruit.documents.renderer import asset

    class Assets(URLFetcher):
        def fetch(self, url, headers=None):
            return URLFetcherResponse(url, asset(url))

    return weasyprint.HTML(string=html, url_fetcher=Assets()).write_pdf(pdf_variant="pdf/ua-1")


def chromium(html, run):
    from playwright.sync_api import sync_playwright

    from recruit.resources import static_folder

    fonts = (static_folder() / "vendor").as_uri()
    page_file = Path(tempfile.mkdtemp()) / "page.html"
    page_file.write_text(html.replace("recruit:", f"{fonts}/"), "utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()

        def make(_html):
            page.goto(page_file.as_uri())
            return page.pdf(tagged=True, prefer_css_page_size=True)

        answer = run(make)
        browser.close()
    return answer


def measure(way, name):
    html = document(SIZES[name]).html()

    def run(make):
        made = make(html)
        clock, processor = [], []
        for _ in range(ROUNDS):
            begun, used = time.perf_counter(), processor_seconds()
            made = make(html)
            clock.append(time.perf_counter() - begun)
            processor.append(processor_seconds() - used)
        return {"clock": min(clock), "processor": min(processor), "size": len(made)}

    if way == "chromium":
        answer = chromium(html, run)
    elif way == "pool":
        from recruit.documents.renderer import Renderer

        pool = Renderer()
        answer = run(pool.pdf)
        pool.close()
    elif way == "renderer":
        from recruit.documents.renderer import render_pdf

        answer = run(render_pdf)
    else:
        answer = run(bare)
    peak = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return answer | {"peak": peak / 1024}


def in_a_process(*arguments):
    done = subprocess.run(
        [sys.executable, __file__, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    return json.loads(done.stdout)


def side_by_side(name):
    found = {way: [] for way in WAYS}
    for _ in range(TURNS):
        for way in WAYS:
            found[way].append(in_a_process("measure", way, name))
    floor = min(one["clock"] for one in found["bare"])
    floor_processor = min(one["processor"] for one in found["bare"])
    print(f"{name}: milliseconds of the clock (ratio), of the processors (ratio), kB, peak MB")
    for way, runs in found.items():
        clock = min(one["clock"] for one in runs)
        # Chromium and the worker do their work in other processes that are still running.
        processor = min(one["processor"] for one in runs) if way in {"bare", "renderer"} else None
        told = (
            f"{processor * 1000:7.0f} ({processor / floor_processor:4.2f})"
            if processor
            else " " * 14
        )
        print(
            f"  {way:10} {clock * 1000:7.0f} ({clock / floor:4.2f}) {told}"
            f" {runs[0]['size'] / 1024:6.0f} {max(one['peak'] for one in runs):6.0f}"
        )


def main():
    if sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure(*sys.argv[2:])))
        return
    for name in SIZES:
        side_by_side(name)


if __name__ == "__main__":
    main()

"""Prints what documents cost: ``.venv/bin/python tests/benchmarks/pdf.py``.

The comparison of 5 x 8 x 4 and of 30 x 10 x 5, made of the same HTML by bare WeasyPrint (the
floor), by the renderer, and by Chromium printing with tags; then what an unchanged one costs from
the cache, and what ten large ones do to the pages of others. Each is timed in a process of its own
after one round to warm up: the least of the rounds, in milliseconds of the clock and of the
processors, with its ratio to the floor, and the peak of memory. Ways take turns, so that what else
the machine does meets all of them alike.
"""

from __future__ import annotations

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
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


def document(size):
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
            f"{EVIDENCE} ({p}, {i}, {c})",
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


def unchanged(name):
    """Return the least seconds in which an unchanged document comes from the cache."""
    from recruit.documents.cache import DocumentCache
    from recruit.documents.renderer import render_pdf

    with tempfile.TemporaryDirectory() as folder:
        kept = DocumentCache(Path(folder) / "kept", 100)
        kept.document("requisition-1", document(SIZES[name]), render_pdf)
        times = []
        for _ in range(20):
            # A fresh object: its checksum is part of the cost.
            asked = document(SIZES[name])
            begun = time.perf_counter()
            kept.document("requisition-1", asked, render_pdf)
            times.append(time.perf_counter() - begun)
    return {"unchanged": min(times)}


def latency():
    """Return the median seconds of a page, idle and while ten large documents are made."""
    import flask_migrate

    from recruit.app import create_app
    from tests.conftest import build_world, settings_for

    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_for(f"sqlite:///{folder}/bench.sqlite3"))
        with app.app_context():
            flask_migrate.upgrade()
        world = build_world(app)
        person = world["recruiter"].sign_in()

        def page():
            begun = time.perf_counter()
            assert person.get(world.path).status_code == 200
            return time.perf_counter() - begun

        page()
        idle = [page() for _ in range(100)]
        pool = app.extensions["recruit_renderer"]
        html = document(SIZES["30 x 10 x 5"]).html()
        pool.pdf("<p>warm</p>")
        busy = []
        with ThreadPoolExecutor(10) as threads:
            made = [threads.submit(pool.pdf, f"{html}<!-- {number} -->") for number in range(10)]
            while not all(one.done() for one in made):
                busy.append(page())
        failed = sum(one.exception() is not None for one in made)
        pool.close()
    return {
        "idle": statistics.median(idle),
        "busy": statistics.median(busy),
        "pages": len(busy),
        "failed": failed,
    }


def main():
    if sys.argv[1:2] == ["unchanged"]:
        print(json.dumps(unchanged(sys.argv[2])))
        return
    if sys.argv[1:2] == ["latency"]:
        print(json.dumps(latency()))
        return
    if sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure(*sys.argv[2:])))
        return
    for name in SIZES:
        side_by_side(name)
        kept = in_a_process("unchanged", name)["unchanged"]
        print(f"  unchanged, from the cache: {kept * 1000:.1f} ms")
    found = in_a_process("latency")
    print(
        f"a page: {found['idle'] * 1000:.1f} ms idle, {found['busy'] * 1000:.1f} ms"
        f" ({found['busy'] / found['idle']:.2f}) while ten large documents are made"
        f" ({found['pages']} pages, {found['failed']} documents not in time)"
    )


if __name__ == "__main__":
    main()

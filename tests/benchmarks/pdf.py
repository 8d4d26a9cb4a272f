"""Prints what documents cost: ``.venv/bin/python tests/benchmarks/pdf.py``.

The comparison of 5 x 8 x 4 and of 30 x 10 x 5, made of the same HTML by the server's renderer, by
bare WeasyPrint and by a warm Chromium printing with tags; then by the renderer with one score of
one candidate changed, and unchanged, from the cache. Each is timed in a process of its own after
one round to warm up: the median of the rounds, in seconds of the clock and of the processors, those
of worker processes included, with ratios of both, and the peak of memory of the renderer and its
workers together. What a changed score costs depends on how many places it moves, so each round
changes another candidate's. Ways take turns, so that what else the machine does meets all of them
alike. At last what ten large ones do to the pages of others.
"""

from __future__ import annotations

import io
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

SIZES = {"5 x 8 x 4": (5, 8, 4), "30 x 10 x 5": (30, 10, 5)}
WAYS = ("bare", "ours", "changed", "unchanged", "chromium")
ROUNDS = 5
CHANGES = 9
TURNS = 2
GROUP = "requisition-1"
MADE = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
EVIDENCE = (
    "Beskrev hur hon lät gruppen välja arbetssätt och följde upp varje vecka med frågor i stället "
    "för kontroll; frånvaron gick ned och medarbetarna berättade själva om det i enkäten."
)


def document(size, changed=0):
    """Return a comparison; ``changed`` candidates down the list one has another score."""
    from recruit.core import comparison
    from recruit.core.ratings import RatingTable, Score
    from recruit.documents.comparison import ComparisonDocument

    chance = random.Random(1)
    candidates, competencies, interviewers = size
    abilities = [chance.gauss(3.3, 0.5) for _ in range(candidates)]
    rows = tuple(
        Score(
            f"Kandidat Exempelsson {p}",
            f"Intervjuare Prov {i}",
            f"competency-{c}",
            score := min(5, max(1, round(chance.gauss(abilities[p], 0.8)))),
            f"{EVIDENCE} ({p}, {i}, {c})",
            ("talk", "example", "pattern")[min(2, score // 2)],
        )
        for p in range(candidates)
        for i in range(interviewers)
        for c in range(competencies)
    )
    if changed:
        at = changed % candidates * interviewers * competencies
        other = rows[at].score % 5 + 1
        rows = (*rows[:at], replace(rows[at], score=other), *rows[at + 1 :])
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


def processes():
    """Return the folders in /proc of this process and all below it."""
    below = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            below.setdefault(parent, []).append(int(folder.name))
    found, pending = [], [os.getpid()]
    while pending:
        found.append(pending.pop())
        pending += below.get(found[-1], [])
    return [Path(f"/proc/{number}") for number in found]


def processor_seconds():
    ticks = 0
    for folder in processes():
        with suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def peak_megabytes():
    kilobytes = 0
    for folder in processes():
        with suppress(OSError):
            status = (folder / "status").read_text()
            kilobytes += int(status.partition("VmHWM:")[2].split()[0] if "VmHWM" in status else 0)
    return kilobytes / 1024


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
    from recruit.documents.cache import DocumentCache
    from recruit.documents.renderer import Renderer

    asked = document(SIZES[name])
    html = asked.html()
    pool = Renderer()

    def run(make, rounds=ROUNDS):
        make(0)
        clock, processor = [], []
        for number in range(1, rounds + 1):
            begun, used = time.perf_counter(), processor_seconds()
            made = make(number)
            clock.append(time.perf_counter() - begun)
            processor.append(processor_seconds() - used)
        return {
            "clock": statistics.median(clock),
            "processor": statistics.median(processor),
            "size": len(made) / 1024,
            "peak": peak_megabytes(),
            "pages": pages(made),
        }

    with tempfile.TemporaryDirectory() as folder:
        kept = DocumentCache(Path(folder) / "kept", 100)
        if way == "bare":
            answer = run(lambda _round: bare(html))
        elif way == "ours":
            answer = run(lambda _round: pool.pdf(html))
        elif way == "changed":
            pool.pdf(html, kept.parts(GROUP))
            others = [document(SIZES[name], changed=number).html() for number in range(CHANGES + 1)]
            answer = run(lambda number: pool.pdf(others[number], kept.parts(GROUP)), CHANGES)
        elif way == "unchanged":
            # A fresh object each time: its checksum is part of the cost.
            fresh = [document(SIZES[name]) for _ in range(21)]
            answer = run(lambda n: kept.document(GROUP, fresh[n], pool.pdf), rounds=20)
        else:
            answer = chromium(html, run)
    pool.close()
    return answer


def pages(pdf):
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


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
    """Return for each way the least of its turns, and the most memory."""
    found = {way: [] for way in WAYS}
    for _ in range(TURNS):
        for way in WAYS:
            found[way].append(in_a_process("measure", way, name))
    return {
        way: {
            **runs[0],
            "clock": min(one["clock"] for one in runs),
            "processor": min(one["processor"] for one in runs),
            "peak": max(one["peak"] for one in runs),
        }
        for way, runs in found.items()
    }


def print_table(found):
    """Print seconds of the clock and of the processors, and ratios of either."""
    heads = ("ours", "bare", "ours/bare", "chromium", "changed", "changed/ours", "unchanged")
    print(f"{'':14}" + "".join(f"{head:>15}" for head in (*heads, "peak MB", "pages", "kB")))
    for name, ways in found.items():
        values = {way: (one["clock"], one["processor"]) for way, one in ways.items()}
        for ratio in ("ours/bare", "changed/ours"):
            above, below = (values[way] for way in ratio.split("/"))
            values[ratio] = tuple(a / b for a, b in zip(above, below, strict=True))
        ours = ways["ours"]
        print(
            f"{name:14}"
            + "".join(f"{f'{values[head][0]:.3f} {values[head][1]:.2f}':>15}" for head in heads)
            + f"{ours['peak']:15.0f}{ours['pages']:15}{ours['size']:15.0f}"
        )


def latency():
    """Return the median seconds of a page, idle and while ten large documents are made.

    The server is the real one; the documents are made by a renderer like its own beside it.
    """
    import http.client

    from recruit.app import create_app
    from recruit.documents.renderer import Renderer
    from tests.conftest import build_world, migrate, settings_for
    from tests.gunicorn import Gunicorn

    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/bench.sqlite3"
        migrate(database)
        app = create_app(settings_for(database))
        world = build_world(app)
        person = world["recruiter"].sign_in()
        name = app.config["SESSION_COOKIE_NAME"]
        cookie = f"{name}={person.client.get_cookie(name).value}"
        with Gunicorn(database) as server:

            def page():
                begun = time.perf_counter()
                line = http.client.HTTPConnection("127.0.0.1", server.port)
                line.request("GET", world.path, headers={"Cookie": cookie})
                answer = line.getresponse()
                answer.read()
                line.close()
                assert answer.status == 200, answer.status
                return time.perf_counter() - begun

            # Both processes of the server have imported and compiled what they need.
            for _ in range(20):
                page()
            idle = [page() for _ in range(100)]
            pool = Renderer()
            html = document(SIZES["30 x 10 x 5"]).html()
            pool.pdf(document(SIZES["5 x 8 x 4"]).html())
            busy = []
            with ThreadPoolExecutor(10) as threads:
                made = [
                    threads.submit(pool.pdf, html.replace("</title>", f" {number}</title>"))
                    for number in range(10)
                ]
                while not all(one.done() for one in made):
                    busy.append(page())
                    # A person reads, too: without a pause the pages would be the load.
                    time.sleep(0.05)
            failed = sum(one.exception() is not None for one in made)
            pool.close()
    return {
        "idle": statistics.median(idle),
        "busy": statistics.median(busy),
        "pages": len(busy),
        "failed": failed,
    }


def main():
    if sys.argv[1:2] == ["latency"]:
        print(json.dumps(latency()))
        return
    if sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure(*sys.argv[2:])))
        return
    if sys.argv[1:] == ["--short"]:
        name = min(SIZES, key=SIZES.__getitem__)
        found = in_a_process("measure", "ours", name)
        assert found["pages"] > 1, found
        print(f"{name}: {found['clock']:.3f} s, {found['pages']} pages")
        return
    print_table({name: side_by_side(name) for name in SIZES})
    found = in_a_process("latency")
    print(
        f"a page: {found['idle'] * 1000:.1f} ms idle, {found['busy'] * 1000:.1f} ms"
        f" ({found['busy'] / found['idle']:.2f}) while ten large documents are made"
        f" ({found['pages']} pages, {found['failed']} documents not in time)"
    )


if __name__ == "__main__":
    main()

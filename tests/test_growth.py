"""Four times as much from outside takes about four times as long, not sixteen.

Every regular expression that the code holds is found and tried against what is repeated in vain,
and so are the rules of wording and the readers of files. What takes no time worth telling is linear
enough; of the rest the growth from n to 4n is measured, as a ratio, in processor time.
"""

from __future__ import annotations

import gc
import importlib
import json
import pkgutil
import re
import time
from pathlib import Path

import pytest

import recruit
from recruit.candidates.attachments import kind_of
from recruit.candidates.sheets import read_sheet
from recruit.core import wording
from recruit.core.faults import Faults
from recruit.core.guide_file import read as read_guide
from recruit.core.mentions import NameSearch
from recruit.core.plain_yaml import read_yaml
from recruit.core.pseudonyms import Veil
from recruit.core.ratings import Scale
from recruit.core.ratings_file import read_csv
from recruit.core.text import harmless, likeness, near_equal, one_line, written
from recruit.search.words import folded
from tests.features.test_hostile_uploads import docx, workbook

SHORT, FACTOR = 6_000, 4
INSTANT = 0.02
"""Seconds within which the longer of two texts may be done: anything square takes far longer."""
MOST = 9.0
"""Linear is 4, square is 16."""
PUMPS = (
    *"a1 \n\t.-,;:<>&=\"'?!()[]{}/\\_%@#*+|é\u0301\u200b\x00",
    "a ", "a.", "a-", ". ", "? ", "a, ", "A1:", "1,", "<a", "<a>", "&a", "&#1;", "a@", "-\n",
    "\r\n", "''", '""', "%s", "ab-", "1-", "a\u0301", "\ud55c",
)  # fmt: skip


OURS = {
    "recruit.documents.joining.BODY": "templates alone write a body; what people write is escaped"
}
"""Patterns that meet no text from outside, and why."""


def patterns():
    """Return every compiled pattern in the package, and every one written where it is used."""
    found = {}
    for module in modules():
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                found[f"{module.__name__}.{name}"] = value
        source = Path(module.__file__).read_text("utf-8")
        calls = re.findall(
            r're\.(?:search|match|fullmatch|sub|split|findall|finditer)\(\s*r?"((?:[^"\\\n]|\\.)+)"',
            source,
        )
        for number, text in enumerate(calls):
            if "{" not in text or not re.search(r"\{[a-z]", text):
                found[f"{module.__name__}:{number}"] = re.compile(text)
    return {name: pattern for name, pattern in found.items() if name not in OURS}


def modules():
    names = [found.name for found in pkgutil.walk_packages(recruit.__path__, "recruit.")]
    return [importlib.import_module(name) for name in names if not name.endswith("__main__")]


def rules():
    """Return the patterns of wording, by language and use."""
    found = {}
    for language in ("sv", "en"):
        waiting = [(language, wording._rules(language))]
        while waiting:
            name, value = waiting.pop()
            if isinstance(value, re.Pattern):
                found[name] = value
            elif hasattr(value, "__dataclass_fields__"):
                waiting += [(f"{name}.{key}", getattr(value, key)) for key in vars_of(value)]
            elif isinstance(value, tuple):
                waiting += [(f"{name}.{place}", item) for place, item in enumerate(value)]
    return found


def vars_of(value):
    return value._fields if hasattr(value, "_fields") else value.__dataclass_fields__


def seconds(call):
    """Return the shortest of three times."""
    times = []
    gc.disable()
    try:
        for _ in range(3):
            begun = time.process_time()
            call()
            times.append(time.process_time() - begun)
            if times[-1] < INSTANT:
                break
    finally:
        gc.enable()
    return min(times)


def growth(do, shorter, longer):
    """Return how many times as long the longer one takes, 1 when that is no time."""
    took = seconds(lambda: do(longer))
    return 1.0 if took < INSTANT else took / max(seconds(lambda: do(shorter)), INSTANT / MOST)


def pumped(pump, length, before="", after="\x01"):
    return before + pump * (length // len(pump)) + after


def all_matches(pattern, text):
    if isinstance(pattern.pattern, bytes):
        text = text.encode("utf-8", "replace")
    for _ in pattern.finditer(text):
        pass
    pattern.fullmatch(text)


def test_no_pattern_is_missed():
    found = patterns()
    assert len(found) > 35
    assert "recruit.core.wording._SENTENCE" in found
    assert any(name.startswith("recruit.candidates.sheets") for name in found)


@pytest.mark.parametrize("name", sorted(patterns()))
def test_a_pattern_reads_in_linear_time(name):
    pattern = patterns()[name]
    own = re.findall(r"[A-Za-z<>/=\"]{2,}", str(pattern.pattern))[:4]
    for before in ("", *own[:1]):
        for pump in (*PUMPS, *own):
            short, long = (pumped(pump, size, before) for size in (SHORT, FACTOR * SHORT))
            ratio = growth(lambda text: all_matches(pattern, text), short, long)
            assert ratio < MOST, (pump, before, ratio)


WORDS = (
    "du ",
    "har du ",
    "barn ",
    "är du inte ",
    "och ",
    "berätta om ",
    "do you ",
    "have you ever ",
)


@pytest.mark.parametrize("name", sorted(rules()))
def test_a_rule_of_wording_reads_in_linear_time(name):
    pattern = rules()[name]
    for pump in (*PUMPS[:12], *WORDS):
        short, long = (pumped(pump, size) for size in (SHORT // 3, FACTOR * SHORT // 3))
        ratio = growth(lambda text: all_matches(pattern, text), short, long)
        assert ratio < MOST, (pump, ratio)


def quietly(read):
    def attempt(content):
        try:
            return read(content)
        except (Faults, ValueError) as error:
            return error

    return attempt


def table(rows, cell="Åsa"):
    return f"namn;e-post\n{chr(10).join(f'{cell}{n};a{n}@example.org' for n in range(rows))}\n"


def ratings(rows):
    lines = (f"Åsa {n % 900},Kim {n % 40},x{n // 36000},{n % 5 + 1}" for n in range(rows))
    return ("candidate,interviewer,competency,score\n" + "\n".join(lines)).encode()


def guide(size):
    return json.dumps({"rounds": [{"name": "a" * 50, "x": [[1]] * 10}] * (size // 100)}).encode()


def sheet_of(rows):
    cells = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>Åsa {n}</t></is></c></row>'
        for n in range(2, rows)
    )
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>Namn</t></is></c></row>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><sheetData>{head}{cells}</sheetData></worksheet>'.encode()


READERS = {
    "candidates, csv": (
        lambda data: read_sheet(data, "a.csv", frozenset({"namn", "epost"})),
        lambda n: table(n // 4).encode(),
    ),
    "candidates, xlsx": (
        lambda data: read_sheet(data, "a.xlsx", frozenset({"namn"})),
        lambda n: workbook(sheet_of(n // 20)),
    ),
    "cv, docx": (kind_of, lambda n: docx("<w:p><w:r><w:t>ord</w:t></w:r></w:p>" * n)),
    "cv, pdf": (kind_of, lambda n: b"%PDF-1.4\n" + b"1 0 obj\n<</A 1>>\nendobj\n" * n),
    "ratings": (lambda data: read_csv(data, name="r.csv", scale=Scale(1, 5)), ratings),
    "guide, json": (lambda data: read_guide(data, "g.json"), lambda n: guide(20 * n)),
    "yaml": (read_yaml, lambda n: ("a: [" + "1, " * (n // 4) + "1]").encode()),
    "yaml, many keys": (
        read_yaml,
        lambda n: "\n".join(f"k{number}: text" for number in range(n // 8)).encode(),
    ),
    "yaml, nested": (read_yaml, lambda n: b"[" * n),
    "wording, sv": (
        lambda text: wording.flags(text, "sv"),
        lambda n: "Har du barn, eller? " * (n // 80),
    ),
    "wording, en": (
        lambda text: wording.flags(text, "en"),
        lambda n: "Do you have kids? " * (n // 80),
    ),
    "text": (written, lambda n: "a\u0301\u200d\u200b é\r\n" * n),
    "one line": (one_line, lambda n: "a \u200d\u00a0" * n),
    "formulas": (harmless, lambda n: "\u200b'" * 10 * n + "="),
    "likeness": (likeness, lambda n: "Ö-" * n),
    "names": (near_equal, lambda n: [f"Åsa {number}" for number in range(n // 12)]),
    "search": (folded, lambda n: "Åsa-Öberg " * n),
    "names within": (
        lambda text: list(NameSearch("Amina Exempel", ["Bo Ek"]).within(text)),
        lambda n: "Amina " * n,
    ),
    "letters for names": (Veil({"Amina Exempel": "A"}).over, lambda n: "Amina " * n),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(READERS))
def test_a_reader_takes_four_times_as_long_for_four_times_as_much(name):
    read, content = READERS[name]
    ratio = growth(quietly(read), content(SHORT), content(FACTOR * SHORT))
    assert ratio < MOST, ratio


def test_a_square_one_would_be_found():
    """The test's own test."""
    short, long = (pumped("a", size) for size in (SHORT, FACTOR * SHORT))
    assert growth(re.compile(r"a*b").search, short, long) > MOST

"""Every text of pages, mails and messages exists in Swedish, with the same placeholders."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from recruit.documents.definitions import definitions
from recruit.documents.phrases import phrases
from recruit.resources import translations_folder

ROOT = Path(__file__).parent.parent
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def catalogue(domain):
    path = translations_folder() / "sv" / "LC_MESSAGES" / f"{domain}.po"
    return read_po(io.BytesIO(path.read_bytes()))


def texts_in_use():
    methods = [
        ("recruit/**.py", "python"),
        ("templates/**.html", "jinja2"),
        ("templates/**.txt", "jinja2"),
    ]
    options = {
        pattern: {"trimmed": "true", "silent": "false"} if method == "jinja2" else {}
        for pattern, method in methods
    }
    keywords = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
    for _file, _line, message, _comments, _context in extract_from_dir(
        ROOT, methods, options, keywords
    ):
        yield message[0] if isinstance(message, tuple) else message


def test_every_text_is_in_the_catalogue():
    known = {
        message.id[0] if isinstance(message.id, tuple) else message.id
        for message in catalogue("messages")
    }
    texts = set(texts_in_use())
    assert len(texts) > 100
    assert sorted(texts - known) == []


@pytest.mark.parametrize("domain", ["messages", "flask_security"])
def test_every_message_is_translated(domain):
    faults = []
    for message in catalogue(domain):
        if not message.id:
            continue
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        if not all(forms) or message.fuzzy:
            faults.append(("untranslated", ids[0]))
        wanted = {name for text in ids for name in PLACEHOLDER.findall(text)}
        found = {name for text in forms for name in PLACEHOLDER.findall(text)}
        if found != wanted:
            faults.append(("placeholders", ids[0]))
    assert faults == []


def test_catalogues_are_compiled():
    for domain in ("messages", "flask_security"):
        assert (translations_folder() / "sv" / "LC_MESSAGES" / f"{domain}.mo").is_file()


FAULTS = {
    "straight quotation marks": re.compile(r"[\"']"),
    "two spaces": re.compile(r"  "),
    "three full stops": re.compile(r"\.\.\."),
    "hyphen for a dash": re.compile(r" - |(?<![\w.-])\d{1,2}-\d{1,2}(?![\w-])"),
    "no space before per cent": re.compile(r"\d%%"),
    "time with a colon": re.compile(r"\bkl\.? ?\d|\b\d{1,2}:\d\d\b"),
    "thousands without a space": re.compile(r"\b[1-9]000\b"),
    "English month": re.compile(
        r"\b(January|February|March|May|June|July|August|October|December)\b"
    ),
    "one thing by two words": re.compile(
        r"\b(?:anställande chef|intervjupaket|CV)|\be-post(?:en)?\b(?!adress)"
    ),
}


def swedish_texts():
    for message in catalogue("messages"):
        if message.id:
            yield from message.string if isinstance(message.string, tuple) else (message.string,)
    for words in phrases().values():
        yield words["sv"]
    for found in definitions("sv").values():
        yield from (found.name, found.meaning, found.unit)


def test_swedish_is_set_as_swedish_is():
    found = [
        (fault, text)
        for text in swedish_texts()
        for fault, pattern in FAULTS.items()
        if pattern.search(text)
    ]
    assert found == []

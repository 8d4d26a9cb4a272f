"""The command line, with files as people really have them."""

from __future__ import annotations

import json
import re
import socket
import stat
import subprocess
import time
from pathlib import Path

import pytest
import requests
import yaml
from click.testing import CliRunner

from recruit.cli import main
from recruit.resources import interview_guides_folder

HEAD = "candidate,interviewer,competency,score,evidence,evidence_level\n"
GOOD = HEAD + "".join(
    f"{candidate},{interviewer},{competency},{score},Hörde det.,example\n"
    for candidate, base in (("Amina", 4), ("Björn", 3), ("Carin", 2))
    for interviewer, extra in (("Ivar", 0), ("Hanna", 1))
    for competency, score in (("clear-frames", base), ("autonomy", base + extra))
)


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return call


def compare(run, tmp_path, content, *more):
    data = content if isinstance(content, bytes) else content.encode()
    (tmp_path / "ratings.csv").write_bytes(data)
    return run("compare", "ratings.csv", "--out", "out.pdf", "--json", "out.json", *more)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: text.replace(",", ";"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
    ],
)
def test_compare_reads_what_spreadsheets_write(run, tmp_path, change):
    done = compare(run, tmp_path, change(GOOD))
    assert done.exit_code == 0, done.output
    figures = json.loads((tmp_path / "out.json").read_text())
    assert [c["id"] for c in figures["candidates"]][:1] == ["Amina"]
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")


def test_compare_gives_the_published_figures(run):
    """Shrout & Fleiss 1979: the ratings of their table 2 give the coefficients of table 4."""
    table = Path(__file__).parent / "core" / "data" / "shrout-fleiss-1979.csv"
    done = run("compare", table, "--scale", "1-10", "--out", "out.pdf", "--json", "out.json")
    assert done.exit_code == 0, done.output
    figures = json.loads(Path("out.json").read_text())
    quality = figures["agreement"]["competencies"]["quality"]
    published = {
        "icc1": 0.17,
        "icc_a1": 0.29,
        "icc_c1": 0.71,
        "icc1_k": 0.44,
        "icc_ak": 0.62,
        "icc_ck": 0.91,
    }
    assert {name: round(quality[name], 2) for name in published} == published
    assert [round(end, 7) for end in quality["ci95"]["icc_a1"]] == [0.0187865, 0.7610844]


FAULTY = {
    "empty": (
        "",
        "ratings.csv: hittade inget, väntade rubriker och minst en rad",
        "ratings.csv: found nothing, expected a head and at least one row",
    ),
    "head": (
        HEAD,
        "ratings.csv: hittade inga rader, väntade minst en rad under rubrikerna",
        "ratings.csv: found no rows, expected at least one row below the head",
    ),
    "column": (
        "candidate,interviewer,score\nA,B,3\n",
        (
            "ratings.csv, rad 1, kolumn competency: hittade kolumnerna candidate, "
            "interviewer, score, väntade en sådan kolumn"
        ),
        (
            "ratings.csv, row 1, column competency: found the columns candidate, "
            "interviewer, score, expected such a column"
        ),
    ),
    "six": (
        GOOD + "David,Ivar,autonomy,6,,\n",
        (
            "ratings.csv, rad 14, kolumn score: hittade 6, väntade ett heltal från 1 till 5, "
            "eller inget"
        ),
        (
            "ratings.csv, row 14, column score: found 6, expected a whole number from 1 to 5, "
            "or nothing"
        ),
    ),
    "word": (
        GOOD + "David,Ivar,autonomy,fyra,,\n",
        (
            "ratings.csv, rad 14, kolumn score: hittade fyra, väntade ett heltal från 1 till 5, "
            "eller inget"
        ),
        (
            "ratings.csv, row 14, column score: found fyra, expected a whole number from 1 to 5, "
            "or nothing"
        ),
    ),
    "twice": (
        GOOD + "Amina,Ivar,autonomy,1,,\n",
        (
            "ratings.csv, rad 14, kolumn score: hittade 1 där rad 3 har 4 för samma bedömning, "
            "väntade samma betyg på båda, eller olika omgångar"
        ),
        (
            "ratings.csv, row 14, column score: found 1 where row 3 has 4 for the same "
            "rating, expected the same score in both, or different rounds"
        ),
    ),
    "latin-1": (
        GOOD.encode("latin-1"),
        "ratings.csv, rad 2: hittade byte 0xf6, väntade text i UTF-8",
        "ratings.csv, row 2: found byte 0xf6, expected text in UTF-8",
    ),
    "short": (
        GOOD + "David,Ivar\n",
        "ratings.csv, rad 14: hittade 2 fält, väntade 6",
        "ratings.csv, row 14: found 2 cells, expected 6",
    ),
    "level": (
        GOOD + "David,Ivar,autonomy,3,,rykte\n",
        (
            "ratings.csv, rad 14, kolumn evidence_level: hittade rykte, väntade något av talk, "
            "example, pattern"
        ),
        (
            "ratings.csv, row 14, column evidence_level: found rykte, expected one of talk, "
            "example, pattern"
        ),
    ),
}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("fault", FAULTY)
def test_compare_refuses_with_place_and_reason(run, tmp_path, fault, language):
    content, *said = FAULTY[fault]
    done = compare(run, tmp_path, content, "--lang", language)
    assert done.exit_code == 2
    assert done.stderr.splitlines() == [said[language == "en"]]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ratings.csv"]


def test_compare_takes_names_that_the_library_lacks(run, tmp_path):
    done = compare(run, tmp_path, GOOD.replace("clear-frames", "Samarbete"), "--lang", "en")
    assert done.exit_code == 0, done.output
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "out.pdf"), "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "Samarbete" in text
    assert "Autonomy and mandate" in " ".join(text.split())


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ("clear-frames: 2\nfeedback: 1\n", "feedback"),
        ("clear-frames: mycket\nautonomy: 1\n", "mycket"),
        ("clear-frames: 0\nautonomy: 0\n", "0"),
        ("- 1\n", "weights.yaml"),
        ("{a: &x [1], b: *x}", "weights.yaml"),
    ],
)
def test_weights_that_cannot_be_used(run, tmp_path, weights, said):
    (tmp_path / "weights.yaml").write_text(weights)
    done = compare(run, tmp_path, GOOD, "--weights", "weights.yaml")
    assert done.exit_code == 2
    assert said in done.stderr
    assert not (tmp_path / "out.pdf").exists()


@pytest.mark.parametrize("scale", ["5-1", "1", "ett-fem", "1-"])
def test_scale_that_cannot_be_used(run, tmp_path, scale):
    done = compare(run, tmp_path, GOOD, "--scale", scale)
    assert done.exit_code == 2
    assert "--scale" in done.stderr


def test_compare_a_hundred_thousand_rows(run, tmp_path):
    rows = "".join(
        f"K{number // 400},I{number % 400 // 10},c{number % 10},{number * 7 % 5 + 1},,\n"
        for number in range(100_000)
    )
    done = compare(run, tmp_path, HEAD + rows)
    assert done.exit_code == 0, done.output
    design = json.loads((tmp_path / "out.json").read_text())["design"]
    assert (design["candidates"], design["interviewers"], design["scores"]) == (250, 40, 100_000)
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")


def test_missing_files_are_named(run):
    for arguments in (
        ("compare", "nothing.csv", "--out", "x.pdf"),
        ("guide", "nothing.yaml", "--out", "x.pdf"),
    ):
        done = run(*arguments)
        assert done.exit_code == 2
        assert arguments[1] in done.stderr


@pytest.fixture
def profile(tmp_path):
    source = interview_guides_folder() / "roles" / "head-of-unit-home-care.yaml"
    return yaml.safe_load(source.read_text())


def guide(run, tmp_path, profile, *more):
    (tmp_path / "profile.yaml").write_text(yaml.safe_dump(profile, allow_unicode=True))
    return run("guide", "profile.yaml", *more)


BEGINNINGS = {
    "pdf": b"%PDF-1.7",
    "html": b"<!DOCTYPE html>",
    "json": b'{\n  "schema": "recruit.guide/1",',
    "yaml": b"schema: recruit.guide/1\n",
    "md": b"# ",
}


@pytest.mark.parametrize("ending", BEGINNINGS)
@pytest.mark.parametrize(("language", "word"), [("sv", "Välkommen"), ("en", "Welcome")])
def test_guide_in_every_format(run, tmp_path, profile, ending, language, word):
    done = guide(run, tmp_path, profile, "--out", f"guide.{ending}", "--lang", language)
    assert done.exit_code == 0, done.output
    data = (tmp_path / f"guide.{ending}").read_bytes()
    assert data.startswith(BEGINNINGS[ending])
    if ending == "pdf":
        assert data.splitlines()[-2] == b"%%EOF"
        assert run("verify", str(tmp_path / "guide.pdf")).exit_code == 0
    else:
        assert word in data.decode()


def test_format_is_told_by_option_or_name(run, tmp_path, profile):
    assert guide(run, tmp_path, profile, "--out", "plan", "--format", "json").exit_code == 0
    assert json.loads((tmp_path / "plan").read_text())["schema"] == "recruit.guide/1"
    done = guide(run, tmp_path, profile, "--out", "plan.docx")
    assert (done.exit_code, done.stderr) == (
        2,
        "plan.docx: the name should end in .pdf, .html, .json, .yaml or .md\n",
    )


@pytest.mark.parametrize(
    ("document", "title"),
    [
        ("kit", "Intervjuguide"),
        ("questions", "Frågor till intervjun"),
        ("scorecard", "Bedömningsformulär"),
        ("form", "Bedömningsformulär"),
    ],
)
def test_guide_as_each_document(run, tmp_path, profile, document, title):
    done = guide(run, tmp_path, profile, "--out", "made.html", "--document", document)
    assert done.exit_code == 0, done.output
    html = (tmp_path / "made.html").read_text()
    assert f"<title>{title}: {profile['title']['sv']}</title>" in html
    assert ("<textarea" in html) == (document == "form")


def _nine(profile):
    profile["competencies"] = {f"c{n}": {"weight": 1} for n in range(9)}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: p.update(colour="green"), "colour"),
        (lambda p: p["competencies"]["autonomy"].update(weight=0), "competencies.autonomy.weight"),
        (_nine, "competencies"),
        (lambda p: p["rounds"][0].update(minutes=10), "rounds.0.minutes"),
        (lambda p: p["competencies"].update(ghost={"weight": 1}), "ghost"),
        (lambda p: p.pop("level"), "level"),
        (lambda p: p.update(rounds=[]), "rounds"),
    ],
    ids=["unknown key", "weight 0", "nine", "ten minutes", "no such", "no level", "no round"],
)
def test_guide_refuses_with_place_and_reason(run, tmp_path, profile, change, said):
    change(profile)
    done = guide(run, tmp_path, profile, "--out", "guide.pdf")
    assert done.exit_code == 2
    assert said in done.stderr
    assert not (tmp_path / "guide.pdf").exists()


@pytest.mark.parametrize(("language", "word"), [("sv", "minuter"), ("en", "minutes")])
def test_a_round_too_short_says_what_would_help(run, tmp_path, profile, language, word):
    profile["rounds"] = [{"name": "Kort", "minutes": 20, "interviewers": 2}]
    done = guide(run, tmp_path, profile, "--out", "guide.pdf", "--lang", language)
    assert done.exit_code == 2
    lines = done.stderr.splitlines()
    assert all(line.startswith("profile.yaml: ") for line in lines)
    assert word in lines[0]
    assert word in lines[2]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("sv", "profile.yaml: Biblioteket har ingen kompetens som heter ghost. De som finns: "),
        ("en", "profile.yaml: The library has no competency called ghost. Those there are: "),
    ],
)
def test_an_unknown_competency_is_named(run, tmp_path, profile, language, said):
    profile["competencies"]["ghost"] = {"weight": 1}
    done = guide(run, tmp_path, profile, "--out", "guide.pdf", "--lang", language)
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(said)
    assert not (tmp_path / "guide.pdf").exists()


def test_library_check(run, tmp_path):
    assert run("library", "check").output == ""
    (tmp_path / "competencies").mkdir()
    (tmp_path / "competencies" / "broken.yaml").write_text("id: other\n")
    done = run("library", "check", tmp_path)
    assert done.exit_code == 2
    assert "competencies/broken.yaml" in done.stderr


OWN = """id: autonomy
name: {sv: Mandat, en: Mandate}
questions:
  - id: autonomy-pb-1
    text: {sv: Berätta om ett mandat., en: Tell us about a mandate.}
"""


def test_check_of_a_folder_that_adds_to_the_shipped_library(run, tmp_path):
    (tmp_path / "competencies").mkdir()
    file = tmp_path / "competencies" / "autonomy.yaml"
    file.write_text(OWN)
    assert "competencies/autonomy.yaml, definition" in run("library", "check", tmp_path).stderr
    assert run("library", "check", tmp_path, "--own").output == ""
    (tmp_path / "own-library.yaml").write_text("schema: recruit.own-library/1\n")
    assert run("library", "check", tmp_path).output == ""
    file.write_text(OWN + "colour: green\n")
    done = run("library", "check", tmp_path)
    assert (done.exit_code, done.stderr) == (
        2,
        "competencies/autonomy.yaml, colour: hittade green, väntade ingen sådan nyckel\n",
    )
    (tmp_path / "own-library.yaml").write_text("schema: recruit.own-library/2\n")
    assert "own-library.yaml, schema" in run("library", "check", tmp_path).stderr


def test_guide_uses_the_own_library_of_the_settings(run, tmp_path, profile, monkeypatch):
    (tmp_path / "own" / "competencies").mkdir(parents=True)
    (tmp_path / "own" / "competencies" / "autonomy.yaml").write_text(OWN)
    monkeypatch.setenv("RECRUIT_LIBRARY", str(tmp_path / "own"))
    assert guide(run, tmp_path, profile, "--out", "plan.json").exit_code == 0
    content = json.loads((tmp_path / "plan.json").read_text())
    names = {s["competency"]: s["name"] for r in content["rounds"] for s in r["sections"]}
    assert names["autonomy"] == "Mandat"
    (tmp_path / "own" / "competencies" / "autonomy.yaml").write_text("- x\n")
    done = guide(run, tmp_path, profile, "--out", "plan.pdf")
    assert done.exit_code == 2
    assert "competencies/autonomy.yaml" in done.stderr
    assert not (tmp_path / "plan.pdf").exists()


def test_first_account_and_tables(run, tmp_path, monkeypatch):
    monkeypatch.setenv("RECRUIT_SECRET_KEY", "k" * 40)
    monkeypatch.setenv("RECRUIT_DATABASE", f"sqlite:///{tmp_path}/own.sqlite3")
    assert run("db", "upgrade").exit_code == 0
    add = ("user", "add", "alva@example.org", "--name", "Alva", "--role", "administrator")
    assert run(*add, "--password", "kort").exit_code == 2
    assert run(*add, "--password", "en lång mening till").exit_code == 0
    again = run(*add, "--password", "en lång mening till")
    assert again.exit_code == 2
    assert "alva@example.org" in again.stderr


@pytest.mark.parametrize(
    ("address", "name", "said"),
    [
        ("@", "Alva", "@: an email address was expected"),
        ("alva@", "Alva", "alva@: an email address was expected"),
        ("alva@example.org", " ", "--name"),
        ("alva@example.org", "Alva", "no such table: user. `recruit doctor` says what is wrong"),
    ],
)
def test_an_account_that_cannot_be_made(run, tmp_path, monkeypatch, address, name, said):
    monkeypatch.setenv("RECRUIT_SECRET_KEY", "k" * 40)
    monkeypatch.setenv("RECRUIT_DATABASE", f"sqlite:///{tmp_path}/own.sqlite3")
    done = run("user", "add", address, "--name", name, "--password", "en lång mening till")
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    assert said in line


def test_a_database_that_is_away_is_told_of(run, monkeypatch):
    monkeypatch.setenv("RECRUIT_SECRET_KEY", "k" * 40)
    monkeypatch.setenv("RECRUIT_DATABASE", "sqlite:////nowhere/own.sqlite3")
    done = run("db", "upgrade")
    assert done.exit_code == 2
    assert done.stderr.splitlines()[0].startswith("unable to open database file. `recruit doctor`")


def test_bad_settings_are_named(run, monkeypatch):
    monkeypatch.setenv("RECRUIT_SECRET_KEY", "short")
    done = run("db", "upgrade")
    assert done.exit_code == 2
    assert "secret_key" in done.stderr


def assert_served(command, account):
    """Run what the demo tells to run later, and sign in there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert command.endswith(":5000")
    server = subprocess.Popen(
        f"exec env {command.removesuffix('5000')}{port}", shell=True, cwd="/", env={}
    )
    try:
        browser = requests.Session()
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 60
        while True:
            try:
                page = browser.get(f"{address}/sign-in", timeout=30).text
                break
            except requests.ConnectionError:
                assert server.poll() is None, "the server did not start"
                assert time.monotonic() < until, "the server does not answer"
                time.sleep(0.1)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
        fields = {"email": account["email"], "password": account["password"], "csrf_token": token}
        browser.post(f"{address}/sign-in", data=fields, timeout=30)
        assert browser.get(f"{address}/session", timeout=30).json()["person"] is not None
    finally:
        server.terminate()
        server.wait(timeout=30)


def test_demo_writes_everything_twice(run, tmp_path):
    for _ in range(2):
        done = run("demo", "--no-serve", "--out", tmp_path / "demo")
        assert done.exit_code == 0, done.output
    names = {path.name for path in (tmp_path / "demo").iterdir()}
    assert names >= {
        "guide-1.pdf",
        "guide-2.pdf",
        "comparison.pdf",
        "comparison.json",
        "ratings.csv",
        "profile.yaml",
        "accounts.json",
    }
    accounts = json.loads((tmp_path / "demo" / "accounts.json").read_text())
    settings = tmp_path / "demo" / "settings.toml"
    assert stat.S_IMODE(settings.stat().st_mode) == 0o600
    assert_served(done.output.splitlines()[-1].strip(), accounts[0])
    assert {a["role"] for a in accounts} == {
        "administrator",
        "recruiter",
        "hiring_manager",
        "interviewer",
    }
    hidden = [a for a in accounts if a["may_not_see_yet"]]
    assert [a["name"] for a in hidden] == ["Kim Utkast"]
    own = run("compare", tmp_path / "demo" / "ratings.csv", "--out", "own.pdf")
    assert own.exit_code == 0, own.output
    again = run("guide", tmp_path / "demo" / "profile.yaml", "--out", "own.md")
    assert again.exit_code == 0, again.output

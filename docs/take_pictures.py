"""Takes the pictures of the README from the demo: ``.venv/bin/python docs/take_pictures.py``."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from recruit import demo

HERE = Path(__file__).parent
INTERVIEW = "/requisitions/1/interviews/10/scorecard/"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def main() -> None:
    chromium, pdftoppm = shutil.which("chromium"), shutil.which("pdftoppm")
    if not chromium or not pdftoppm:
        sys.exit("chromium and pdftoppm (poppler-utils) are needed.")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        app = demo.build(out, demo.settings(out, 5000))
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        accounts = {
            a["email"]: a["password"] for a in json.loads((out / "accounts.json").read_text())
        }
        with sync_playwright() as playwright:
            # The documents' own fonts are no use to a browser, which needs the machine's.
            environment = {k: v for k, v in os.environ.items() if not k.startswith("FONTCONFIG")}
            browser = playwright.chromium.launch(
                executable_path=chromium, args=FLAGS, env=environment
            )
            for name, who, path, width, height in (
                ("interview", "kim.utkast", f"{INTERVIEW}#rating-support", 820, 1000),
                ("comparison", "hanna.prov", "/requisitions/1/comparison/", 1200, 900),
                ("guide", "rut.demo", "/requisitions/1/guides/builder/", 1200, 900),
            ):
                page = browser.new_page(viewport={"width": width, "height": height}, locale="sv-SE")
                address = f"{who}@example.org"
                sign_in(page, f"http://127.0.0.1:{server.port}", address, accounts[address])
                page.goto(f"http://127.0.0.1:{server.port}{path}", wait_until="networkidle")
                for place in page.locator(":target").all():
                    # The page itself turns only to the step that holds it.
                    place.evaluate("place => place.scrollIntoView()")
                page.screenshot(path=HERE / f"{name}.png")
            browser.close()
        server.shutdown()
        picture = str(HERE / "comparison-pdf")
        first = ["-f", "1", "-l", "1", "-singlefile"]
        subprocess.run(  # noqa: S603 - our own files
            [pdftoppm, "-r", "75", "-png", *first, str(out / "comparison.pdf"), picture],
            check=True,
        )


def sign_in(page: Page, base: str, address: str, password: str) -> None:
    page.goto(f"{base}/sign-in")
    page.fill("[name=email]", address)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{base}/")


if __name__ == "__main__":
    main()

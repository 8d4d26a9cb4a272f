"""The server as it runs in earnest, in processes of its own that a test may kill."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

from tests.conftest import settings_for


class Gunicorn:
    """``recruit serve`` with two workers; one port over several starts."""

    def __init__(self, database: str, **changes) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        changes = {"base_url": self.address} | changes
        settings = settings_for(database, **changes).model_dump()
        self._environment = os.environ | {
            f"RECRUIT_{name.upper()}": str(value) for name, value in settings.items()
        }
        self._process: subprocess.Popen | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=30)
            self._process = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                Path(sys.executable).with_name("recruit"),
                "serve",
                "--bind",
                f"127.0.0.1:{self.port}",
            ],
            env=self._environment,
            start_new_session=True,
        )
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"{self.address}/health", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                assert self._process.poll() is None, "the server did not start"
                time.sleep(0.1)
        raise AssertionError("the server does not answer")

    def processes(self) -> list[int]:
        """Return the numbers of the server and its workers."""
        assert self._process is not None
        number = self._process.pid
        children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
        return [number, *map(int, children)]

    def kill(self) -> None:
        """Kill the server and its workers without warning."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

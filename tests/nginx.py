"""A real nginx in front of the server, set up by the README's own lines."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from tests.mail import free_port

README = Path(__file__).parent.parent / "README.md"
NGINX = "/usr/sbin/nginx"


@contextmanager
def nginx(folder, behind):
    """Serve, with the README's lines, on this machine; yield the address."""
    (lines,) = re.findall(r"```nginx\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert "http://127.0.0.1:8000" in lines
    port = free_port()
    folder.chmod(0o755)
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # The user is the one who runs the test; nginx alone would become another.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"""{user} daemon off; master_process off; pid {folder}/pid; error_log stderr;
        events {{}}
        http {{
            access_log off;
            {temporary}
            server {{
                listen 127.0.0.1:{port};
                {lines.replace("http://127.0.0.1:8000", behind)}
            }}
        }}"""
    )
    process = subprocess.Popen([NGINX, "-e", "stderr", "-c", folder / "nginx.conf"])
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)

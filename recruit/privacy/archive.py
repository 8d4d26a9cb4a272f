"""What is handed to a candidate who asks for their data, as one file."""

from __future__ import annotations

import io
import zipfile


def archive(content: str, cv: tuple[str, bytes] | None) -> bytes:
    """Return a zip file with the data as JSON and the CV (kind, content), if there is one."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(_entry("own-data.json"), content)
        if cv is not None:
            kind, data = cv
            packed.writestr(_entry(f"cv.{kind}"), data)
    return file.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an entry without a time of its own: the same data gives the same file."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry

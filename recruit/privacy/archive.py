"""What is handed to a candidate who asks for their data, as one file."""

from __future__ import annotations

import io
import zipfile


def archive(content: str, cv: tuple[str, bytes] | None) -> bytes:
    """Return a zip file with the data as JSON and the CV (kind, content), if there is one."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("own-data.json", content)
        if cv is not None:
            kind, data = cv
            packed.writestr(f"cv.{kind}", data)
    return file.getvalue()

"""What is handed to a candidate who asks for their data, as one file."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class _Outgoing(io.RawIOBase):
    """Holds what is written until it is taken; it cannot go back."""

    def __init__(self) -> None:
        self._data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray) -> int:  # type: ignore[override]
        self._data += data
        return len(data)

    def taken(self) -> bytes:
        data = bytes(self._data)
        self._data.clear()
        return data


def archive(entries: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Return a zip file of (name, content), piece by piece: it leaves while the rest is made."""
    file = _Outgoing()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries:
            packed.writestr(_entry(name), content)
            yield file.taken()
    yield file.taken()


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an entry without a time of its own: the same data gives the same file."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry

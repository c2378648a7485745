"""A photo that a browser really shows, with what a camera writes beside it."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from tests.engines.test_pictures import SECRET, chunk

WIDTH, HEIGHT = 160, 120


def photo_at(path: Path) -> Path:
    """Write a small grey picture as PNG; gives its path."""
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + bytes((x + y) % 256 for x in range(WIDTH)) for y in range(HEIGHT))
    parts = (
        b"\x89PNG\r\n\x1a\n",
        chunk(b"IHDR", head),
        chunk(b"tEXt", SECRET),
        chunk(b"IDAT", zlib.compress(rows)),
        chunk(b"IEND", b""),
    )
    path.write_bytes(b"".join(parts))
    return path


SHOWN = "img => img.complete && img.naturalWidth"

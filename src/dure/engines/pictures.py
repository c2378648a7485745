"""Photos from a phone, rewritten without what the camera wrote beside the picture.

Nouns
    segment : a marked piece of a JPEG file
    chunk   : a named piece of a PNG file
Law
    Only pieces that draw the picture are copied, by a closed list: no place, no time, no maker,
    no thumbnail, no comment, nothing after the end. A turn that the camera noted is kept.
Source
    ISO/IEC 10918-1 (JPEG), Exif 2.32 tag 0x0112, W3C PNG third edition.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Final

BYTES_MAX: Final = 8_000_000
PIXELS_MAX: Final = 60_000_000
_PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"sRGB"})
# Tables, frames and scans: what a decoder needs. Everything else tells of the camera.
_JPEG_KEPT: Final = frozenset({0xC4, 0xDB, 0xDD, 0xEE, 0xE0})
_JPEG_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
_ORIENTATION: Final = 0x0112


class NoPicture(ValueError):
    """Bytes that are no whole JPEG or PNG, or a picture larger than is taken."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that may be stored.

    kind : image/jpeg or image/png; content : its bytes, rewritten
    """

    kind: str
    width: int
    height: int
    content: bytes


def cleaned(content: bytes) -> Picture:
    """Rewrite a photo with nothing but the picture.

    content : at most 8,000,000 bytes of JPEG (baseline or progressive) or PNG
    Raises  NoPicture for anything else, a broken file, or more than 60,000,000 pixels.
    """
    if len(content) > BYTES_MAX:
        raise NoPicture("too large")
    try:
        made = _jpeg(content) if content[:2] == b"\xff\xd8" else _png(content)
    except (IndexError, struct.error) as error:
        raise NoPicture("broken") from error
    if not 0 < made.width * made.height <= PIXELS_MAX:
        raise NoPicture("too many pixels")
    return made


def _jpeg(content: bytes) -> Picture:
    kept = bytearray(b"\xff\xd8")
    size: tuple[int, int] | None = None
    turn = 1
    at = 2
    for _ in range(10_000):
        if content[at] != 0xFF:
            raise NoPicture("broken")
        while content[at + 1] == 0xFF:  # fill bytes before a marker
            at += 1
        marker = content[at + 1]
        if marker == 0xD9:
            if size is None:
                raise NoPicture("no frame")
            return Picture("image/jpeg", *size, _turned(bytes(kept), turn) + b"\xff\xd9")
        (length,) = struct.unpack_from(">H", content, at + 2)
        body = content[at + 4 : at + 2 + length]
        if length < 2 or len(body) != length - 2:
            raise NoPicture("broken")
        end = at + 2 + length
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", body, 1)
            size = (width, height)
        if marker == 0xDA:
            end = _scan_end(content, end)
        if marker in _JPEG_KEPT or marker in _JPEG_FRAMES or marker == 0xDA:
            # A JFIF head may carry a thumbnail behind its first 14 bytes: only the head is kept.
            if marker == 0xE0:
                kept += b"\xff\xe0\x00\x10" + body[:12] + b"\0\0" if body[:5] == b"JFIF\0" else b""
            else:
                kept += content[at:end]
        elif marker == 0xE1 and body[:6] == b"Exif\0\0":
            turn = _orientation(body[6:])
        at = end
    raise NoPicture("too many segments")


def _scan_end(content: bytes, at: int) -> int:
    """Where the coded data of a scan ends: at the next marker but restarts and stuffing."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise NoPicture("broken")
        follows = content[at + 1]
        if follows != 0 and not 0xD0 <= follows <= 0xD7 and follows != 0xFF:
            return at
        at += 1 if follows == 0xFF else 2


def _orientation(tiff: bytes) -> int:
    """How the camera was held, 1 to 8, from the first directory of a TIFF head; 1 if unknown."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, start)
        for number in range(min(count, 100)):
            tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, start + 2 + 12 * number)
            if tag == _ORIENTATION and kind == 3 and 1 <= value <= 8:
                return int(value)
    except struct.error:
        return 1
    return 1


def _turned(content: bytes, turn: int) -> bytes:
    """The same file with nothing but the turn in its Exif, where there is one."""
    if turn == 1:
        return content
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, turn, 0, 0)
    body = b"Exif\0\0" + tiff
    return content[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + content[2:]


def _png(content: bytes) -> Picture:
    if content[:8] != _PNG_HEAD:
        raise NoPicture("neither JPEG nor PNG")
    kept = bytearray(_PNG_HEAD)
    size: tuple[int, int] | None = None
    at = 8
    for _ in range(100_000):
        length, name = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        chunk = content[at:end]
        if len(chunk) != 12 + length:
            raise NoPicture("broken")
        if struct.unpack(">I", chunk[-4:])[0] != zlib.crc32(chunk[4:-4]):
            raise NoPicture("broken")
        if (size is None) != (name == b"IHDR"):
            raise NoPicture("broken")
        if name == b"IHDR":
            width, height = struct.unpack_from(">II", chunk, 8)
            size = (width, height)
        if name in _PNG_KEPT:
            kept += chunk
        if name == b"IEND":
            assert size is not None, "the head came first"
            return Picture("image/png", *size, bytes(kept))
        at = end
    raise NoPicture("too many chunks")

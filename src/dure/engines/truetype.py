"""Read a TrueType font and keep only the glyphs that a document uses (글꼴 덜어 담기).

Nouns
    glyph  : one drawing of a font, known by its number
    units  : parts of the square that a glyph is drawn in, `units_per_em` to the side
Law
    A subset keeps glyph numbers: texts written with the whole font read the same with the subset.
    Composite glyphs bring their parts.
Source
    OpenType specification: cmap (formats 4 and 12), glyf, head, hhea, hmtx, loca, maxp.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_MAGIC: Final = b"\x00\x01\x00\x00"
_KEPT: Final[tuple[bytes, ...]] = (
    b"cvt ",
    b"fpgm",
    b"glyf",
    b"head",
    b"hhea",
    b"hmtx",
    b"loca",
    b"maxp",
    b"prep",
)
_WORDS, _XY, _MORE = 0x1, 0x2, 0x20
_SCALE, _SCALE_XY, _MATRIX = 0x8, 0x40, 0x80


class NoFont(ValueError):
    """The bytes are no TrueType font with outlines in `glyf`."""


@dataclass(frozen=True, slots=True)
class Font:
    """A font, read once.

    tables       : its tables by name
    cmap         : glyph number by character
    widths       : advance of each glyph, in units
    offsets      : where each glyph begins in `glyf`, one more than glyphs
    ascent, descent : of a line, in units; descent is negative
    """

    tables: dict[bytes, bytes]
    units_per_em: int
    ascent: int
    descent: int
    box: tuple[int, int, int, int]
    cmap: dict[int, int]
    widths: tuple[int, ...]
    offsets: tuple[int, ...]

    def glyph(self, char: str) -> int:
        """Give the glyph of a character; 0 when the font has none."""
        return self.cmap.get(ord(char), 0)

    def width(self, text: str, size: float) -> float:
        """Measure a line of text at a size in points, without kerning."""
        return sum(self.widths[self.glyph(c)] for c in text) * size / self.units_per_em


def read(data: bytes) -> Font:
    """Read a font.

    data   : the bytes of a .ttf file
    Raises NoFont when they are something else.
    """
    if data[:4] != _MAGIC:
        raise NoFont("no TrueType outlines")
    tables: dict[bytes, bytes] = {}
    for number in range(struct.unpack(">H", data[4:6])[0]):
        name, _sum, start, length = struct.unpack_from(">4sLLL", data, 12 + 16 * number)
        tables[name] = data[start : start + length]
    missing = {b"cmap", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp"} - set(tables)
    if missing:
        raise NoFont(f"without {sorted(missing)}")
    head, hhea = tables[b"head"], tables[b"hhea"]
    count: int = struct.unpack_from(">H", tables[b"maxp"], 4)[0]
    return Font(
        tables=tables,
        units_per_em=struct.unpack_from(">H", head, 18)[0],
        ascent=struct.unpack_from(">h", hhea, 4)[0],
        descent=struct.unpack_from(">h", hhea, 6)[0],
        box=struct.unpack_from(">4h", head, 36),
        cmap=_cmap(tables[b"cmap"]),
        widths=_widths(tables[b"hmtx"], struct.unpack_from(">H", hhea, 34)[0], count),
        offsets=_offsets(tables[b"loca"], struct.unpack_from(">h", head, 50)[0], count),
    )


def _widths(table: bytes, given: int, count: int) -> tuple[int, ...]:
    widths = [struct.unpack_from(">H", table, 4 * number)[0] for number in range(given)]
    return tuple(widths + [widths[-1]] * (count - given))


def _offsets(table: bytes, is_long: int, count: int) -> tuple[int, ...]:
    if is_long:
        return struct.unpack_from(f">{count + 1}L", table)
    return tuple(2 * half for half in struct.unpack_from(f">{count + 1}H", table))


def _cmap(table: bytes) -> dict[int, int]:
    found: dict[int, int] = {}
    for number in range(struct.unpack_from(">H", table, 2)[0]):
        platform, _kind, start = struct.unpack_from(">HHL", table, 4 + 8 * number)
        shape = struct.unpack_from(">H", table, start)[0]
        if platform in (0, 3) and shape == 4:
            found = {**_cmap4(table[start:]), **found}
        elif platform in (0, 3) and shape == 12:
            found |= _cmap12(table[start:])
    return found


def _cmap4(part: bytes) -> dict[int, int]:
    twice: int = struct.unpack_from(">H", part, 6)[0]
    count = twice // 2
    ends = struct.unpack_from(f">{count}H", part, 14)
    starts = struct.unpack_from(f">{count}H", part, 16 + twice)
    deltas = struct.unpack_from(f">{count}H", part, 16 + 2 * twice)
    ranges = struct.unpack_from(f">{count}H", part, 16 + 3 * twice)
    found: dict[int, int] = {}
    for place in range(count):
        for char in range(starts[place], ends[place] + 1):
            glyph = char
            if ranges[place]:
                spot = 16 + 3 * twice + 2 * place + ranges[place] + 2 * (char - starts[place])
                if spot + 2 > len(part):
                    continue
                glyph = struct.unpack_from(">H", part, spot)[0]
                if glyph == 0:
                    continue
            glyph = (glyph + deltas[place]) & 0xFFFF
            if glyph:
                found[char] = glyph
    found.pop(0xFFFF, None)
    return found


def _cmap12(part: bytes) -> dict[int, int]:
    found: dict[int, int] = {}
    for number in range(struct.unpack_from(">L", part, 12)[0]):
        first, last, glyph = struct.unpack_from(">LLL", part, 16 + 12 * number)
        found.update({char: glyph + char - first for char in range(first, last + 1)})
    return found


def _parts(glyph: bytes) -> list[int]:
    """The glyphs that a composite glyph is made of."""
    if len(glyph) < 10 or struct.unpack_from(">h", glyph)[0] >= 0:
        return []
    parts, at, flags = [], 10, _MORE
    while flags & _MORE and at + 4 <= len(glyph):
        flags, number = struct.unpack_from(">HH", glyph, at)
        parts.append(number)
        at += 4 + (4 if flags & _WORDS else 2)
        at += 2 if flags & _SCALE else 4 if flags & _SCALE_XY else 8 if flags & _MATRIX else 0
    return parts


def subset(font: Font, glyphs: Iterable[int]) -> bytes:
    """Write the font with only these glyphs and their parts; numbers and widths stay.

    glyphs : numbers of glyphs; 0 (the missing sign) is always kept
    Returns  a TrueType file with the tables that a PDF needs
    """
    body = font.tables[b"glyf"]
    kept: set[int] = set()
    waiting = [0, *glyphs]
    while waiting:
        number = waiting.pop()
        if number in kept:
            continue
        kept.add(number)
        waiting += _parts(body[font.offsets[number] : font.offsets[number + 1]])
    glyf, loca = bytearray(), [0]
    for number in range(len(font.offsets) - 1):
        if number in kept:
            glyf += body[font.offsets[number] : font.offsets[number + 1]]
            glyf += b"\0" * (-len(glyf) % 4)
        loca.append(len(glyf))
    head = bytearray(font.tables[b"head"])
    struct.pack_into(">L", head, 8, 0)  # the sum of the whole file, unused in a PDF
    struct.pack_into(">h", head, 50, 1)
    tables = {name: font.tables[name] for name in _KEPT if name in font.tables}
    tables |= {
        b"glyf": bytes(glyf),
        b"head": bytes(head),
        b"loca": struct.pack(f">{len(loca)}L", *loca),
    }
    return _file(tables)


def _file(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    steps = (power * 16, power.bit_length() - 1, (count - power) * 16)
    heads, bodies = bytearray(), bytearray()
    start = 12 + 16 * count
    for name in sorted(tables):
        data = tables[name]
        padded = data + b"\0" * (-len(data) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}L", padded)) & 0xFFFFFFFF
        heads += struct.pack(">4sLLL", name, total, start + len(bodies), len(data))
        bodies += padded
    return _MAGIC + struct.pack(">HHHH", count, *steps) + bytes(heads) + bytes(bodies)

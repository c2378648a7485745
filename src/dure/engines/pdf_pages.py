"""Write a PDF of texts and lines, with the fonts inside it (문서 파일).

Nouns
    page   : texts and rules at places of an A4 sheet, in points from its upper left corner
    rule   : a straight line
Law
    The same pages give the same bytes. Every text can be selected, searched and read aloud: its
    letters stand in the file beside their drawings. No script, no link, no attachment.
Source
    ISO 32000-1: 9.7 (composite fonts), 9.10 (text extraction), 7.5 (file structure).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from dure.engines.truetype import Font, subset

A4: Final = (595.28, 841.89)


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text.

    x, y  : its left end (its right end when `right`) and its baseline, points from the upper left
    size  : points
    """

    x: float
    y: float
    size: float
    text: str
    bold: bool = False
    right: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line between two places, `width` points thick."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 0.5


Page = Sequence[Text | Rule]


@dataclass(slots=True)
class _Used:
    font: Font
    name: str
    letters: dict[int, str] = field(default_factory=dict)

    def hexed(self, text: str) -> str:
        """The glyph numbers of a text; what they say is noted."""
        numbers = []
        for char in text:
            glyph = self.font.glyph(char)
            self.letters.setdefault(glyph, char)
            numbers.append(glyph)
        return "".join(f"{number:04X}" for number in numbers)


class _File:
    """Objects of a PDF in order, with their places."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def add(self, body: bytes | str) -> int:
        self.bodies.append(body if isinstance(body, bytes) else body.encode("ascii"))
        return len(self.bodies)

    def stream(self, data: bytes, more: str = "") -> int:
        packed = zlib.compress(data, 9)
        head = f"<< /Length {len(packed)} /Filter /FlateDecode{more} >>\nstream\n"
        return self.add(head.encode() + packed + b"\nendstream")

    def written(self, root: int, info: int) -> bytes:
        out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
        for number, body in enumerate(self.bodies, 1):
            places.append(len(out))
            out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
        mark = hashlib.sha256(out).hexdigest()[:32].upper()
        start, count = len(out), len(places) + 1
        out += f"xref\n0 {count}\n0000000000 65535 f \n".encode()
        out += "".join(f"{place:010d} 00000 n \n" for place in places).encode()
        out += (
            f"trailer\n<< /Size {count} /Root {root} 0 R /Info {info} 0 R "
            f"/ID [<{mark}> <{mark}>] >>\nstartxref\n{start}\n%%EOF\n"
        ).encode()
        return bytes(out)


def write(
    pages: Sequence[Page], *, title: str, language: str, regular: Font, bold: Font, made: str
) -> bytes:
    """Write the pages as a PDF file.

    pages    : 1 to 500 of them
    title    : shown by readers in place of the file's name
    language : "ko" or "en", told to readers that speak
    regular, bold : fonts of the texts; only the glyphs in use are written
    made     : the instant it was made, as YYYYMMDDHHMMSS in UTC
    Raises   AssertionError for no page, too many, or an instant of another shape.
    """
    assert 1 <= len(pages) <= 500, len(pages)
    assert len(made) == 14 and made.isdigit(), made
    file = _File()
    used = {False: _Used(regular, "F1"), True: _Used(bold, "F2")}
    root = file.add(b"")
    tree = file.add(b"")
    info = file.add(
        f"<< /Title {_words(title)} /Producer (Dure) /CreationDate (D:{made}Z) >>".encode()
    )
    contents = [file.stream(_drawn(page, used).encode()) for page in pages]
    fonts = " ".join(f"/{one.name} {_font(file, one)} 0 R" for one in used.values() if one.letters)
    kids = [
        file.add(
            f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {A4[0]} {A4[1]}] "
            f"/Resources << /Font << {fonts} >> >> /Contents {content} 0 R >>"
        )
        for content in contents
    ]
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    file.bodies[tree - 1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{listed}] >>".encode()
    file.bodies[root - 1] = (
        f"<< /Type /Catalog /Pages {tree} 0 R /Lang ({language}) "
        "/ViewerPreferences << /DisplayDocTitle true >> >>"
    ).encode()
    return file.written(root, info)


def _words(text: str) -> str:
    marked = "\ufeff" + text
    return f"<{marked.encode('utf-16-be').hex().upper()}>"


def _drawn(page: Page, used: dict[bool, _Used]) -> str:
    lines = []
    for one in page:
        if isinstance(one, Rule):
            top, bottom = A4[1] - one.y1, A4[1] - one.y2
            lines.append(f"{one.width:g} w {one.x1:.2f} {top:.2f} m {one.x2:.2f} {bottom:.2f} l S")
            continue
        if not one.text:
            continue
        face = used[one.bold]
        left = one.x - (face.font.width(one.text, one.size) if one.right else 0)
        lines.append(
            f"BT /{face.name} {one.size:g} Tf {left:.2f} {A4[1] - one.y:.2f} Td "
            f"<{face.hexed(one.text)}> Tj ET"
        )
    return "\n".join(lines)


def _font(file: _File, used: _Used) -> int:
    font, glyphs = used.font, sorted(used.letters)
    tag = hashlib.sha256(repr(glyphs).encode()).digest()
    name = "".join(chr(65 + byte % 26) for byte in tag[:6]) + "+Pretendard" + used.name
    scale = 1000 / font.units_per_em
    data = subset(font, glyphs)
    stream = file.stream(data, f" /Length1 {len(data)}")
    box = " ".join(str(round(side * scale)) for side in font.box)
    descriptor = file.add(
        f"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{box}] /ItalicAngle 0 "
        f"/Ascent {round(font.ascent * scale)} /Descent {round(font.descent * scale)} "
        f"/CapHeight {round(font.ascent * scale)} /StemV 80 /FontFile2 {stream} 0 R >>"
    )
    widths = " ".join(f"{glyph} [{round(font.widths[glyph] * scale)}]" for glyph in glyphs)
    inner = file.add(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDSystemInfo "
        "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        f"/FontDescriptor {descriptor} 0 R /DW 1000 /W [{widths}] /CIDToGIDMap /Identity >>"
    )
    letters = file.stream(_to_unicode(used.letters))
    return file.add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
        f"/DescendantFonts [{inner} 0 R] /ToUnicode {letters} 0 R >>"
    )


def _to_unicode(letters: dict[int, str]) -> bytes:
    rows = [
        f"<{glyph:04X}> <{char.encode('utf-16-be').hex().upper()}>"
        for glyph, char in sorted(letters.items())
    ]
    parts = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    body = "\n".join(
        f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in parts
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()

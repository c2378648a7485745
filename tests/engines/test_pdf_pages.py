"""The PDF writer: an independent reader finds every text, and only the glyphs in use are inside."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from pypdf import PdfReader

import dure
from dure.engines import pdf_pages, truetype
from dure.engines.pdf_pages import A4, Rule, Text

VENDOR = Path(dure.__file__).parent / "interfaces" / "static" / "vendor"


def font(weight: str) -> truetype.Font:
    return truetype.read((VENDOR / f"PretendardGOV-{weight}.subset.ttf").read_bytes())


def written(*pages: pdf_pages.Page) -> bytes:
    return pdf_pages.write(
        pages,
        title="거래 내역서",
        language="ko",
        regular=font("Regular"),
        bold=font("Bold"),
        made="20261121000000",
    )


PAGE = (
    Text(50, 60, 18, "거래 내역서", bold=True),
    Rule(50, 70, 545, 70),
    Text(50, 90, 10, "한울생협 · 채소 2,500원 (토)"),
    Text(545, 110, 10, "−1,234원", right=True),
)


def test_korean_is_text_and_not_a_drawing() -> None:
    read = PdfReader(io.BytesIO(written(PAGE)))
    text = read.pages[0].extract_text()
    for line in ("거래 내역서", "한울생협 · 채소 2,500원 (토)", "−1,234원"):
        assert line in text
    assert read.metadata is not None and read.metadata.title == "거래 내역서"
    assert read.trailer["/Root"]["/Lang"] == "ko"
    assert [float(side) for side in read.pages[0].mediabox[2:]] == [pytest.approx(s) for s in A4]


def test_the_same_pages_give_the_same_bytes() -> None:
    assert written(PAGE) == written(PAGE)
    assert written(PAGE) != written(PAGE[:2])


def test_file_is_small_and_holds_both_fonts_in_part() -> None:
    data = written(PAGE, PAGE)
    assert len(data) < 40_000
    read = PdfReader(io.BytesIO(data))
    fonts = read.pages[1]["/Resources"]["/Font"]
    for name in ("/F1", "/F2"):
        inner = fonts[name]["/DescendantFonts"][0]
        assert "+Pretendard" in inner["/BaseFont"]
        embedded = inner["/FontDescriptor"]["/FontFile2"].get_data()
        assert 2_000 < len(embedded) < 60_000
        assert (
            truetype.read(add_cmap(embedded)).widths
            == font("Regular" if name == "/F1" else "Bold").widths
        )


def add_cmap(embedded: bytes) -> bytes:
    """An embedded font has no cmap; give it an empty one so that it can be read again."""

    count = struct.unpack_from(">H", embedded, 4)[0]
    heads = embedded[12 : 12 + 16 * count]
    moved = b"".join(
        struct.pack(">4sLLL", n, s, at + 16, size)
        for n, s, at, size in struct.iter_unpack(">4sLLL", heads)
    )
    body = embedded[12 + 16 * count :]
    cmap = struct.pack(">4sLLL", b"cmap", 0, 12 + 16 * (count + 1) + len(body), 4)
    start = embedded[:4] + struct.pack(">H", count + 1) + embedded[6:12]
    return start + moved + cmap + body + b"\0\0\0\0"


def test_subset_keeps_numbers_widths_and_the_drawing() -> None:
    whole = font("Regular")
    glyph = whole.glyph("두")
    part = truetype.read(add_cmap(truetype.subset(whole, [glyph])))
    assert part.widths == whole.widths
    kept = part.tables[b"glyf"][part.offsets[glyph] : part.offsets[glyph + 1]]
    was = whole.tables[b"glyf"][whole.offsets[glyph] : whole.offsets[glyph + 1]]
    assert kept.startswith(was)
    gone = whole.glyph("레")
    assert part.offsets[gone] == part.offsets[gone + 1]


def test_width_is_the_sum_of_the_advances() -> None:
    whole = font("Regular")
    assert whole.width("두두", 10) == pytest.approx(2 * whole.width("두", 10))
    assert whole.width("", 10) == 0


@pytest.mark.parametrize("data", [b"", b"OTTO", b"wOF2" + bytes(40), b"\0\1\0\0" + bytes(12)])
def test_what_is_no_truetype_is_refused(data: bytes) -> None:
    with pytest.raises(truetype.NoFont):
        truetype.read(data)


def test_no_page_and_a_wrong_instant_are_faults_of_the_caller() -> None:
    with pytest.raises(AssertionError):
        written()
    with pytest.raises(AssertionError):
        pdf_pages.write(
            [PAGE], title="", language="ko", regular=font("Bold"), bold=font("Bold"), made="now"
        )

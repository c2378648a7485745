"""QR codes: what is drawn is what a reader of codes reads."""

from __future__ import annotations

import re

import segno

from dure.interfaces.web.qr_drawing import QUIET, qr_path, qr_svg

ADDRESS = "https://dure.test/pay/AAAAAAAAAAAAAAAAAAAAAA"


def drawn(path: str) -> set[tuple[int, int]]:
    """The dark modules that a path covers."""
    spots: set[tuple[int, int]] = set()
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path):
        spots |= {(int(x) + step, int(y)) for step in range(int(width))}
    return spots


def test_path_covers_the_dark_modules_and_no_other() -> None:
    side, path = qr_path(ADDRESS)
    matrix = segno.make(ADDRESS, error="m", micro=False, boost_error=False).matrix
    dark = {
        (x + QUIET, y + QUIET)
        for y, row in enumerate(matrix)
        for x, module in enumerate(row)
        if module
    }
    assert drawn(path) == dark
    assert side == len(matrix) + 8


def test_drawing_is_labelled_and_escapes_its_label() -> None:
    svg = qr_svg(ADDRESS, 'x" onload="y')
    assert 'role="img"' in svg
    assert 'onload="y' not in svg
    assert "style" not in svg

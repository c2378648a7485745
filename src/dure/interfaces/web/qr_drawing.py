"""QR codes as inline SVG: drawn on the server, dark on white in every colour scheme."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET = 4  # modules of white around the code, as its standard asks


def qr_path(text: str) -> tuple[int, str]:
    """Give the side of the drawing in modules, quiet zone included, and the path of the dark ones.

    text : at most 300 characters; error correction M, so that a smudge does not matter
    """
    import segno  # read only by pages that show a code

    code = segno.make(text, error="m", micro=False, boost_error=False)
    steps: list[str] = []
    for y, row in enumerate(code.matrix):
        x, width = 0, len(row)
        while x < width:
            start = x
            while x < width and row[x]:
                x += 1
            if x > start:
                steps.append(f"M{start + QUIET} {y + QUIET}h{x - start}v1h-{x - start}z")
            x += 1
    return len(code.matrix) + 2 * QUIET, "".join(steps)


def qr_svg(text: str, label: str) -> SafeString:
    """Draw a text as a QR code.

    label : what the code is for, for those who do not see it
    """
    side, path = qr_path(text)
    return format_html(
        '<svg class="qr" viewBox="0 0 {} {}" role="img" aria-label="{}" '
        'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{}v{}H0z"/>'
        '<path fill="#000" d="{}"/></svg>',
        side,
        side,
        label,
        side,
        side,
        path,
    )

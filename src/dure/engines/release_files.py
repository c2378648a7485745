"""The files of an open-data bundle, written and read byte for byte.

Nouns: a *table* is a header and rows of text. Law: writing what was read gives the same bytes, so
that a table has one form only. UTF-8, comma, lines end in CR LF (RFC 4180).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from dure.engines import measures
from dure.engines.measures import Measure, State
from dure.engines.release_compute import Spec
from dure.engines.release_grid import Key

CELLS = (
    "indicator", "version", "grain", "period", "place", "breakdown",
    "numerator", "denominator", "value", "state", "reason", "coverage_ppm",
)  # fmt: skip
DEFINITIONS = (
    "indicator", "version", "heading", "name_ko", "name_en", "unit", "aggregation", "class",
    "numerator", "denominator", "known", "all_of", "floor_ppm", "scale", "digits", "better",
    "grid", "recomputable", "measured", "what_ko", "what_en", "excluded_ko", "excluded_en",
)  # fmt: skip
FACTORS = (
    "factor", "gas", "from_unit", "micrograms_per_unit", "year", "purpose", "source",
    "reliability", "facts", "synthetic",
)  # fmt: skip
REVISIONS = (
    "indicator", "breakdown", "grain", "period", "place", "release_before", "value_before",
    "state_before", "value", "state",
)  # fmt: skip
PLACES = ("place", "name_ko", "name_en")
EVENTS = (
    "event", "label", "label_version", "place", "organisation", "dims", "sign", "quantity",
    "unit", "date", "evidence", "factor", "gco2e", "corrects",
)  # fmt: skip
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


class NotATable(ValueError):
    """Bytes that no writer of this module would have written."""


def guard(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run as a formula.

    >>> guard("=1+1"), guard("두레")
    ("'=1+1", '두레')
    """
    return "'" + text if text.startswith(_DANGEROUS) else text


def write_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write a table.

    rows    : texts; numbers as ASCII digits, so that only true text needs `guard`
    Returns   UTF-8 bytes with a header line.

    >>> write_table(("a", "b"), [("1", "x,y")])
    b'a,b\\r\\n1,"x,y"\\r\\n'
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def read_table(header: Sequence[str], content: bytes) -> list[dict[str, str]]:
    """Read a table strictly.

    Returns   one dict of texts a row.
    Raises    NotATable when the header differs, a row is short, or the form is not the one form.
    """
    try:
        rows = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotATable(str(error)) from error
    if not rows or tuple(rows[0]) != tuple(header):
        raise NotATable("the header is not the agreed one")
    if any(len(row) != len(header) for row in rows):
        raise NotATable("a row has too few or too many cells")
    if write_table(header, rows[1:]) != content:
        raise NotATable("the table is not in its one form")
    return [dict(zip(header, row, strict=True)) for row in rows[1:]]


def value_text(measure: Measure, spec: Spec) -> str:
    """Write the number of a cell as the CSV shows it; empty when there is none.

    >>> value_text(Measure(num=3, den=5), Spec("N4r", 1, "ratio", scale=100, digits=2))
    '60.00'
    """
    if measure.num is None:
        return ""
    if measure.den is None:
        return str(measure.num)
    return measures.ratio_text(
        measure.num, measure.den, scale=spec.scale, digits=spec.digits, better=spec.better
    )


def cell_row(key: Key, measure: Measure, spec: Spec) -> tuple[str, ...]:
    """Write one cell as a row of `cells.csv`.

    >>> key = Key("C1", "", "quarter", "2026-Q3", "00000")
    >>> cell_row(key, Measure(num=7), Spec("C1", 1, "stock"))
    ('C1', '1', 'quarter', '2026-Q3', '00000', '', '7', '', '7', '', '', '')
    """
    return (
        key.indicator,
        str(spec.version),
        key.grain,
        key.period,
        key.place,
        key.breakdown,
        _text(measure.num),
        _text(measure.den),
        value_text(measure, spec),
        str(measure.state),
        measure.reason,
        _text(measure.coverage_ppm),
    )


def cell_line(row: Sequence[str]) -> bytes:
    """Write one row as the line of which its leaf is made, without the line end.

    >>> cell_line(("C1", "1"))
    b'C1,1'
    """
    return write_table(row, [])[:-2]


def cells_table(cells: Mapping[Key, Measure], specs: Mapping[str, Spec]) -> bytes:
    """Write `cells.csv`, in the order of the keys.

    cells   : every cell of the release; specs : by indicator code
    """
    return write_table(
        CELLS, (cell_row(key, cells[key], specs[key.indicator]) for key in sorted(cells))
    )


def read_cell(row: Mapping[str, str]) -> tuple[Key, Measure]:
    """Read one row of `cells.csv`.

    Raises    NotATable for a number that is no plain integer or a state that no cell may have.
    """
    key = Key(row["indicator"], row["breakdown"], row["grain"], row["period"], row["place"])
    try:
        measure = Measure(
            num=_number(row["numerator"]),
            den=_number(row["denominator"]),
            state=State(row["state"]),
            reason=row["reason"],
            coverage_ppm=_number(row["coverage_ppm"]),
        )
    except ValueError as error:
        raise NotATable(f"{key}: {error}") from error
    return key, measure


def dims_text(dims: Mapping[str, str]) -> str:
    """Write dims as one text, keys sorted.

    >>> dims_text({"outcome": "fixed", "category": "fan"})
    'category=fan|outcome=fixed'
    """
    return "|".join(f"{key}={dims[key]}" for key in sorted(dims))


def read_dims(text: str) -> dict[str, str]:
    """Read dims written by `dims_text`.

    >>> read_dims("category=fan|outcome=fixed")["outcome"]
    'fixed'
    """
    pairs = (part.partition("=") for part in text.split("|") if part)
    return {key: value for key, _, value in pairs}


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _number(text: str) -> int | None:
    if text == "":
        return None
    number = int(text) if text.isascii() else None
    if number is None or str(number) != text:
        raise NotATable(f"not a plain integer: {text!r}")
    return number

"""Read a file of conversion factors: exact integers, an empty value stays empty.

Nouns: a *factor row* is one value of one factor with its source. Law: what is not known is
written as an empty value and read as None; it is never 0. Columns: code, value, value_unit,
from_unit, year, purpose, source; optional gas, gwp_set, valid_from, valid_to, uncertainty_ppm,
reliability, synthetic.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

REQUIRED = ("code", "value", "value_unit", "from_unit", "year", "purpose", "source")
OPTIONAL = (
    "gas", "gwp_set", "valid_from", "valid_to", "uncertainty_ppm", "reliability", "synthetic",
)  # fmt: skip
ROWS_MAX = 100_000
MICROGRAMS_MAX = 10**18

MICROGRAMS: Mapping[str, int] = {
    "ug": 1, "mg": 10**3, "g": 10**6, "kg": 10**9, "t": 10**12, "ppm": 1,
}  # fmt: skip
UNITS = ("MIN", "GRM", "MLT", "WHR", "MTR", "CMK", "C62", "H87", "KRW", "PPM")

_CODE = re.compile(r"[a-z]{1,10}(\.[a-z0-9_]{1,30}){1,4}", re.ASCII)
_VALUE = re.compile(r"[0-9]{1,15}(\.[0-9]{1,12})?", re.ASCII)
_YEAR = re.compile(r"(19|20)[0-9]{2}", re.ASCII)
_PURPOSE = re.compile(r"[a-z_]{1,20}", re.ASCII)


class FactorFileRefused(ValueError):
    """The first thing wrong: the line of the file (the header is 1) and the column."""

    def __init__(self, line: int, field: str) -> None:
        super().__init__(f"line {line}: {field}")
        self.line = line
        self.field = field


@dataclass(frozen=True, slots=True)
class FactorRow:
    """One value of one factor; `micrograms` per one `from_unit`, None when not yet known."""

    code: str
    micrograms: int | None
    from_unit: str
    year: int
    purpose: str
    source: str
    gas: str
    gwp_set: str
    valid_from: date
    valid_to: date | None
    uncertainty_ppm: int | None
    reliability: int | None
    is_synthetic: bool


def read_factors(data: bytes) -> tuple[FactorRow, ...]:
    """Read all rows or none.

    data    : CSV, UTF-8 with or without byte order mark, comma-separated, with header
    Returns   rows in file order; a share (value_unit ppm, from_unit PPM) keeps its ppm
    Raises    FactorFileRefused naming line and column; a value must come out whole in micrograms

    >>> head = b"code,value,value_unit,from_unit,year,purpose,source\\n"
    >>> rows = read_factors(head + b"repair.footprint.16,260,kg,H87,2026,inventory,example\\n"
    ...                            b"kr.water,,g,MLT,2026,inventory,to be filled\\n")
    >>> [row.micrograms for row in rows]
    [260000000000, None]
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FactorFileRefused(1, "utf-8") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        names = reader.fieldnames or []
        for name in REQUIRED:
            if name not in names:
                raise FactorFileRefused(1, name)
        for name in names:
            if name not in REQUIRED + OPTIONAL:
                raise FactorFileRefused(1, name[:40])
        rows: list[FactorRow] = []
        for cells in reader:
            if len(rows) >= ROWS_MAX:
                raise FactorFileRefused(reader.line_num, "rows")
            rows.append(_row(cells, reader.line_num))
    except csv.Error:
        raise FactorFileRefused(reader.line_num, "csv") from None
    seen: set[tuple[str, str, int]] = set()
    for number, row in enumerate(rows):
        key = (row.code, row.purpose, row.year)
        if key in seen:
            raise FactorFileRefused(number + 2, "code")
        seen.add(key)
    return tuple(rows)


def _row(cells: Mapping[str | None, str | None], line: int) -> FactorRow:
    if None in cells or None in cells.values():
        raise FactorFileRefused(line, "cells")
    cell = {str(name): str(value).strip() for name, value in cells.items()}

    def asked(name: str, shape: re.Pattern[str]) -> str:
        if not shape.fullmatch(cell[name]):
            raise FactorFileRefused(line, name)
        return cell[name]

    if not 1 <= len(cell["source"]) <= 300:
        raise FactorFileRefused(line, "source")
    if cell["from_unit"] not in UNITS:
        raise FactorFileRefused(line, "from_unit")
    valid_from = _day(cell.get("valid_from", ""), line, "valid_from") or date(2000, 1, 1)
    valid_to = _day(cell.get("valid_to", ""), line, "valid_to")
    if valid_to is not None and valid_to <= valid_from:
        raise FactorFileRefused(line, "valid_to")
    reliability = _whole(cell.get("reliability", ""), line, "reliability", 5)
    if reliability == 0:
        raise FactorFileRefused(line, "reliability")
    synthetic = cell.get("synthetic", "")
    if synthetic not in ("", "yes", "no"):
        raise FactorFileRefused(line, "synthetic")
    return FactorRow(
        code=asked("code", _CODE),
        micrograms=_micrograms(cell, line),
        from_unit=cell["from_unit"],
        year=int(asked("year", _YEAR)),
        purpose=asked("purpose", _PURPOSE),
        source=cell["source"],
        gas=cell.get("gas", "")[:10] or "CO2e",
        gwp_set=cell.get("gwp_set", "")[:20],
        valid_from=valid_from,
        valid_to=valid_to,
        uncertainty_ppm=_whole(cell.get("uncertainty_ppm", ""), line, "uncertainty_ppm", 10**7),
        reliability=reliability,
        is_synthetic=synthetic == "yes",
    )


def _micrograms(cell: Mapping[str, str], line: int) -> int | None:
    unit = cell["value_unit"]
    if unit not in MICROGRAMS or (unit == "ppm") != (cell["from_unit"] == "PPM"):
        raise FactorFileRefused(line, "value_unit")
    if not cell["value"]:
        return None
    if not _VALUE.fullmatch(cell["value"]):
        raise FactorFileRefused(line, "value")
    exact = Decimal(cell["value"]) * MICROGRAMS[unit]
    if exact != int(exact) or exact > MICROGRAMS_MAX:
        raise FactorFileRefused(line, "value")
    return int(exact)


def _day(text: str, line: int, field: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FactorFileRefused(line, field) from None


def _whole(text: str, line: int, field: str, most: int) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) or int(text) > most:
        raise FactorFileRefused(line, field)
    return int(text)

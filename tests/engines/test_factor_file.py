"""Factor files: exact micrograms, an empty value stays empty, the first fault is named."""

from __future__ import annotations

import doctest
from datetime import date

import pytest

from dure.engines import factor_file
from dure.engines.factor_file import FactorFileRefused, read_factors

HEAD = "code,value,value_unit,from_unit,year,purpose,source,valid_to,reliability,synthetic"
GOOD = "repair.footprint.16,260.5,kg,H87,2026,inventory,두레 예시,2027-01-01,3,yes"


def file(*lines: str) -> bytes:
    return "\n".join((HEAD, *lines, "")).encode()


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(factor_file) == doctest.TestResults(failed=0, attempted=3)


def test_good_row() -> None:
    (row,) = read_factors(b"\xef\xbb\xbf" + file(GOOD))
    assert (row.code, row.micrograms, row.from_unit) == (
        "repair.footprint.16",
        260_500_000_000,
        "H87",
    )
    assert (row.valid_from, row.valid_to) == (date(2000, 1, 1), date(2027, 1, 1))
    assert (row.reliability, row.is_synthetic, row.gas) == (3, True, "CO2e")


def test_grid_factor_is_exact() -> None:
    row = GOOD.replace("260.5,kg,H87", "0.4173,g,WHR").replace("repair.footprint.16", "kr.grid")
    assert read_factors(file(row))[0].micrograms == 417_300


def test_share_keeps_its_ppm() -> None:
    row = GOOD.replace("260.5,kg,H87", "500000,ppm,PPM")
    assert read_factors(file(row))[0].micrograms == 500_000


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("repair.footprint.16", "Repair", "code"),
        ("260.5", "-1", "value"),
        ("260.5", "1e3", "value"),
        ("260.5", "NaN", "value"),
        ("260.5", "２６０", "value"),
        ("260.5", "0.0000000001", "value"),
        ("kg", "lb", "value_unit"),
        ("kg", "ppm", "value_unit"),
        ("H87", "m2", "from_unit"),
        ("2026", "26", "year"),
        ("inventory", "Inv", "purpose"),
        ("두레 예시", "", "source"),
        ("2027-01-01", "1999-01-01", "valid_to"),
        ("2027-01-01", "soon", "valid_to"),
        (",3,", ",0,", "reliability"),
        (",3,", ",6,", "reliability"),
        ("yes", "true", "synthetic"),
        (",yes", "", "cells"),
        (",yes", ",yes,x", "cells"),
    ],
)
def test_first_fault_is_named(old: str, new: str, field: str) -> None:
    with pytest.raises(FactorFileRefused) as caught:
        read_factors(file(GOOD.replace(".16", ".17"), GOOD.replace(old, new)))
    assert (caught.value.line, caught.value.field) == (3, field)


def test_factor_twice_and_unknown_column_are_refused() -> None:
    with pytest.raises(FactorFileRefused) as caught:
        read_factors(file(GOOD, GOOD))
    assert (caught.value.line, caught.value.field) == (3, "code")
    with pytest.raises(FactorFileRefused):
        read_factors(file(GOOD).replace(b"synthetic", b"colour"))
    with pytest.raises(FactorFileRefused):
        read_factors(file(GOOD).decode().encode("cp949"))

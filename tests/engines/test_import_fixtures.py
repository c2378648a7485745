"""The three fixture files: 180 verdicts, all issues and ISO dates as expected.csv has them."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from dure.engines.headers import find_header, match_columns
from dure.engines.sheets import open_sheet
from dure.engines.verdicts import Terms, judge_all

TODAY = date(2026, 7, 1)
FILES = {
    "cp949": "orgs_cp949.csv",
    "utf8": "orgs_utf8_bom.csv",
    "xlsx": "orgs_1904.xlsx",
}
DECOYS = {
    "rrn_decoy", "comma_quote", "newline", "cp949_only", "date_dots", "date_korean",
    "date_compact", "amount_commas", "amount_zero",
}  # fmt: skip
DISTRICTS = Path(__file__).parents[2] / "src/dure/registry/data/districts.csv"


def districts():
    with DISTRICTS.open(encoding="utf-8") as file:
        return {row["name_ko"]: row["sig"] for row in csv.DictReader(file)}


def judged(path):
    with path.open("rb") as file:
        sheet = open_sheet(file)
        header = find_header(sheet)
        terms = Terms(
            columns=match_columns(header.labels),
            districts=districts(),
            today=TODAY,
            members_min=5,
            is_1904=sheet.is_1904,
            width=len(header.labels) if sheet.kind == "csv" else None,
        )
        rows = (row for row in sheet.rows() if row.line > header.last_line)
        return judge_all(rows, terms, registered=lambda _: ())


def expected(shared_data):
    with (shared_data / "imports" / "expected.csv").open(encoding="utf-8-sig") as file:
        return {row["row"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("kind", FILES)
def test_verdicts_of_sixty_rows(kind, shared_data):
    wanted = {n: row[f"verdict_{kind}"] for n, row in expected(shared_data).items()}

    found = {row.values.seq: row.verdict for row in judged(shared_data / "imports" / FILES[kind])}

    assert found == wanted
    assert len(found) == 60


@pytest.mark.parametrize("kind", FILES)
def test_issues_are_the_expected_ones_and_no_other(kind, shared_data):
    rows = expected(shared_data)
    wanted = {}
    for number, row in rows.items():
        codes = set(row["issues"].split()) - DECOYS
        if kind != "xlsx":
            codes -= {"hidden_row", "formula_cell"}
        else:
            codes -= {"short_row", "long_row"}
        if kind == "cp949":
            codes -= {"nfd_name", "zero_width"}
        wanted[number] = codes

    found = {
        row.values.seq: {issue.code for issue in row.issues} - {"address_gu"}
        for row in judged(shared_data / "imports" / FILES[kind])
    }

    assert found == wanted


@pytest.mark.parametrize("kind", FILES)
def test_all_iso_dates(kind, shared_data):
    wanted = {n: (row["founded_iso"], row["ended_iso"]) for n, row in expected(shared_data).items()}

    found = {
        row.values.seq: tuple(
            day.isoformat() if day else "" for day in (row.values.founded, row.values.ended)
        )
        for row in judged(shared_data / "imports" / FILES[kind])
    }

    assert found == wanted


def test_counts_of_the_worked_numbers(shared_data):
    counts = {
        kind: Counter(row.verdict for row in judged(shared_data / "imports" / name))
        for kind, name in FILES.items()
    }
    assert counts["cp949"] == {"ok": 22, "fix": 8, "warn": 10, "reject": 20}
    assert counts["utf8"] == {"ok": 20, "fix": 10, "warn": 10, "reject": 20}
    assert counts["xlsx"] == {"ok": 21, "fix": 10, "warn": 11, "reject": 18}


def test_resident_numbers_are_in_no_value_and_no_issue(shared_data):
    for name in FILES.values():
        text = repr(judged(shared_data / "imports" / name))
        assert "900101" not in text
        assert "8503152345671" not in text
        assert "9912313999999" in text  # the control: a corporate number is kept


def test_a_planted_fault_is_seen(shared_data, monkeypatch):
    from dure.engines import verdicts

    monkeypatch.setattr(verdicts, "has_rrn", lambda text: False)
    text = repr(judged(shared_data / "imports" / "orgs_cp949.csv"))
    assert "900101-1234567" in text

"""Repair records in and out: nothing is lost, every deviation is counted, what leaves is strict."""

import csv
import doctest
import io
import json
import os
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from frictionless import Resource, Schema
from hypothesis import given
from hypothesis import strategies as st

from dure.engines import ords, ords_writing
from dure.engines.ords import Deviation, NotOrds, Repair, Unusable, read
from dure.engines.ords_words import BARRIER_TEXT, CATEGORIES, STATUS_TEXT, Barrier, Outcome
from dure.engines.ords_writing import strict, strict_id, violations, write

HEAD = ",".join(ords.FIELDS)
GOOD = 'rc-7,두레 수리점,KOR,노트북,Laptop,16,Sam,2019,6.5,Fixed,"",모임,2025-06-07,"안 켜짐"'
REPAIR = Repair(
    "rc-7", "두레 수리점", "KOR", "노트북", 16, "Sam", 2019, "6.5",
    Outcome.FIXED, None, "모임", date(2025, 6, 7), "안 켜짐",
)  # fmt: skip


def file(*lines: str) -> bytes:
    return "\n".join((HEAD, *lines, "")).encode()


@pytest.fixture(scope="module")
def real() -> Path:
    root = Path(
        os.environ.get("DURE_SHARED_DATA", Path(__file__).parents[2].parent / "shared/data")
    )
    if not (root / "ords").is_dir():
        pytest.skip("the real partner files are not beside this repository")
    return root / "ords"


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(ords).attempted == 3
    assert doctest.testmod(ords).failed == 0
    assert doctest.testmod(ords_writing).failed == 0


def test_good_line_is_understood_without_deviation() -> None:
    reading = read(file(GOOD))
    assert reading.repairs == (REPAIR,)
    assert reading.deviations == ()


@pytest.mark.parametrize(
    ("old", "new", "kind", "field", "kept"),
    [
        ("rc-7", "rc_7", Deviation.ID_PATTERN, "id", "rc_7"),
        ("KOR", "Korea", Deviation.COUNTRY_PATTERN, "country", ""),
        (",16,", ",77,", Deviation.CATEGORY_UNKNOWN, "category", None),
        (",16,", ",x,", Deviation.CATEGORY_UNKNOWN, "category", None),
        ("Laptop,16", "Laptops,16", Deviation.CATEGORY_NAME, "category", 16),
        ("2019", "19", Deviation.YEAR_PATTERN, "year", None),
        ("2019", "２０１９", Deviation.YEAR_PATTERN, "year", None),
        ("6.5", "six", Deviation.AGE_NUMBER, "age", None),
        ("Fixed", "FIXED", Deviation.STATUS_SPELLING, "outcome", Outcome.FIXED),
        ("Fixed", "Mended", Deviation.STATUS_UNKNOWN, "outcome", Outcome.UNKNOWN),
        ('End of life,""', "x", None, "outcome", Outcome.FIXED),
        ("2025-06-07", "2025/6/7", Deviation.DATE_FORM, "on", date(2025, 6, 7)),
        ("안 켜짐", "안\x07켜짐", Deviation.TEXT_CLEANED, "problem", "안 켜짐"),
        ("안 켜짐", "가" * 5001, Deviation.TEXT_CUT, "problem", "가" * 5000),
    ],
)
def test_deviation_is_counted_and_line_kept(
    old: str, new: str, kind: Deviation | None, field: str, kept: object
) -> None:
    reading = read(file(GOOD.replace(old, new)))
    assert getattr(reading.repairs[0], field) == kept
    assert reading.deviations == (() if kind is None else ((kind, 1),))


def test_published_barrier_spelling_is_mapped() -> None:
    reading = read(file(GOOD.replace('Fixed,""', "End of life,Item too worn out")))
    assert reading.repairs[0].barrier is Barrier.WORN_OUT
    assert reading.deviations == ((Deviation.BARRIER_SPELLING, 1),)


def test_barrier_beside_fixed_is_read_but_not_written() -> None:
    reading = read(file(GOOD.replace('Fixed,""', "Fixed,Too worn out")))
    assert reading.deviations == ((Deviation.BARRIER_MISPLACED, 1),)
    assert strict(reading.repairs[0])["repair_barrier_if_end_of_life"] == ""


def test_forbidden_text_is_blanked_and_row_kept() -> None:
    reading = read(file(GOOD.replace("안 켜짐", "secret")), forbidden=lambda text: text == "secret")
    assert reading.repairs == (replace(REPAIR, problem=""),)
    assert reading.deviations == ((Deviation.TEXT_BLANKED, 1),)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (GOOD.replace("rc-7", ""), Unusable.NO_ID),
        (GOOD.replace("rc-7", "=cmd()"), Unusable.BAD_ID),
        (GOOD.replace("2025-06-07", ""), Unusable.NO_DATE),
        (GOOD.replace("2025-06-07", "2025-02-30"), Unusable.NO_DATE),
    ],
)
def test_unusable_line_is_named(line: str, reason: Unusable) -> None:
    reading = read(file(GOOD.replace("rc-7", "rc-8"), line))
    assert [(bad.line, bad.reason) for bad in reading.unusable] == [(3, reason)]
    assert len(reading.repairs) == 1


def test_same_line_twice_is_one_repair_and_other_content_is_named() -> None:
    reading = read(file(GOOD, GOOD, GOOD.replace("Sam", "Lee")))
    assert (len(reading.repairs), reading.repeat_count) == (1, 1)
    assert [(bad.line, bad.reason) for bad in reading.unusable] == [(4, Unusable.ID_TAKEN)]


def test_short_and_long_lines_are_kept() -> None:
    reading = read(file(GOOD + ",more", "rc-8,두레,KOR,,Laptop,16,,,,Fixed,,,2025-06-07"))
    assert len(reading.repairs) == 2
    assert reading.deviations == ((Deviation.CELLS_EXTRA, 1), (Deviation.CELLS_MISSING, 1))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (file(GOOD).decode().encode("cp949"), "not_utf8"),
        (b"", "columns_missing"),
        (b"id,brand\n1,2\n", "columns_missing"),
        ((HEAD + ",id\n").encode(), "columns_repeated"),
        (file('rc-7,"open'), "not_csv"),
    ],
)
def test_file_that_is_no_ords_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(NotOrds) as refused:
        read(data)
    assert refused.value.reason == reason


def test_byte_order_mark_is_accepted() -> None:
    assert read(b"\xef\xbb\xbf" + file(GOOD)).repairs == (REPAIR,)


def test_digest_tells_content_apart() -> None:
    assert REPAIR.digest() == replace(REPAIR).digest()
    assert REPAIR.digest() != replace(REPAIR, brand=None).digest()


@pytest.mark.parametrize(
    ("identity", "expected"),
    [("fixitclinic_1690", "fixitclinic-1690"), ("RC 7", "rc-7"), ("a-7", "a-7"), ("12", "x-12")],
)
def test_strict_id(identity: str, expected: str) -> None:
    assert strict_id(identity) == expected


def test_formula_is_made_inert_on_the_way_out() -> None:
    assert strict(replace(REPAIR, brand="=1+1"))["brand"] == "'=1+1"


def test_free_text_stays_at_home_unless_asked() -> None:
    assert "안 켜짐" not in write([REPAIR]).text
    assert "안 켜짐" in write([REPAIR], problem=True).text


def test_row_without_lawful_country_is_left_out_and_named() -> None:
    written = write([replace(REPAIR, country=""), replace(REPAIR, id="rc-8")])
    assert (written.row_count, written.left_out) == (1, (("rc-7", ("country",)),))


def test_second_row_of_one_strict_id_is_left_out() -> None:
    written = write([REPAIR, replace(REPAIR, id="rc_7")])
    assert (written.row_count, written.left_out) == (1, (("rc_7", ("id",)),))


@pytest.mark.parametrize(
    "field", ["id", "country", "product_category_id", "repair_status", "event_date"]
)
def test_strict_checker_sees_a_planted_fault(field: str) -> None:
    row = strict(REPAIR)
    assert violations(row) == ()
    row[field] = "?"
    assert violations(row) == (field,)


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)


@given(
    st.builds(
        Repair,
        id=st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,10}", fullmatch=True),
        provider=texts, country=st.from_regex(r"[A-Z]{3}", fullmatch=True), partner_category=texts,
        category=st.none() | st.integers(1, 40), brand=st.none() | texts,
        year=st.none() | st.integers(0, 9999),
        age=st.none() | st.from_regex(r"[0-9]{1,3}", fullmatch=True),
        outcome=st.sampled_from(Outcome), barrier=st.none() | st.sampled_from(Barrier),
        group=texts, on=st.dates(), problem=texts,
    )
)  # fmt: skip
def test_whatever_is_written_passes_and_reads_back_without_deviation(repair: Repair) -> None:
    written = write([repair])
    assert written.row_count == 1
    back = read(written.text.encode())
    kinds = {kind for kind, _ in back.deviations} - {Deviation.TEXT_CLEANED}
    assert (len(back.repairs), kinds) == (1, set())


# --- the real partner files


FILES = {
    "OpenRepairData_v0.3_RepairCafeToronto_202507.csv": (5567, (1132, 227, 469, 3739), 0),
    "OpenRepairData_v0.3_FixitClinic_202507.csv": (1033, (413, 267, 121, 232), 11),
}


@pytest.mark.parametrize("name", FILES)
def test_real_file_loses_nothing(real: Path, name: str) -> None:
    rows, outcomes, spellings = FILES[name]
    reading = read((real / name).read_bytes())
    assert (reading.line_count, len(reading.repairs), reading.repeat_count) == (rows, rows, 0)
    assert reading.unusable == ()
    counted = Counter(repair.outcome for repair in reading.repairs)
    assert tuple(counted[outcome] for outcome in Outcome) == outcomes
    expected = {Deviation.ID_PATTERN: rows} | (
        {Deviation.BARRIER_SPELLING: spellings} if spellings else {}
    )
    assert dict(reading.deviations) == expected


def published_schema(real: Path) -> Schema:
    """The published schema; its enums are text such as "[A, B]": made lists here."""
    descriptor = json.loads((real / "tableschema.json").read_text())["resources"][0]["schema"]
    for field in descriptor["fields"]:
        constraints = field.get("constraints", {})
        if "enum" in constraints:
            constraints["enum"] = [v.strip() for v in constraints["enum"].strip("[]").split(",")]
        if "unique" in constraints:
            constraints["unique"] = True
        for bound in ("minimum", "maximum"):
            constraints.pop(bound, None)  # of a text: the pattern says the same
        if field["type"] == "date":
            field["format"] = "%Y-%m-%d"
        if field["type"] == "integer":
            constraints.pop(
                "pattern", None
            )  # patterns are for texts; the list of categories is stricter
        field.pop("missingValues", None)
    return Schema.from_descriptor(descriptor)


@pytest.mark.parametrize("name", FILES)
def test_export_of_real_file_passes_the_published_schema(real: Path, name: str) -> None:
    schema = published_schema(real)
    original = Resource(data=(real / name).read_bytes(), format="csv", schema=schema).validate(
        limit_errors=10_000
    )
    assert original.stats["errors"] == sum(FILES[name][::2]), "the source breaks its own schema"
    written = write(read((real / name).read_bytes()).repairs, problem=True)
    assert (written.row_count, written.left_out) == (FILES[name][0], ())
    report = Resource(data=written.text.encode(), format="csv", schema=schema).validate(
        limit_errors=10_000
    )
    assert (report.stats["errors"], report.tasks[0].stats["rows"]) == (0, FILES[name][0])


def test_words_are_those_of_the_published_schema(real: Path) -> None:
    schema = published_schema(real)
    assert [field.name for field in schema.fields] == list(ords.FIELDS)
    assert schema.get_field("repair_status").constraints["enum"] == list(STATUS_TEXT.values())
    barriers = schema.get_field("repair_barrier_if_end_of_life").constraints["enum"]
    assert barriers == list(BARRIER_TEXT.values())
    with (real / "product_categories_v0.3.csv").open(newline="") as published:
        rows = {
            int(r["product_category_id"]): r["product_category"] for r in csv.DictReader(published)
        }
    assert rows == {number: category.en for number, category in CATEGORIES.items()}


def test_export_keeps_every_row_of_the_source_apart(real: Path) -> None:
    for name in FILES:
        data = (real / name).read_bytes()
        source = [r["id"] for r in csv.DictReader(io.StringIO(data.decode()))]
        out = [r["id"] for r in csv.DictReader(io.StringIO(write(read(data).repairs).text))]
        assert out == [identity.replace("_", "-") for identity in source]

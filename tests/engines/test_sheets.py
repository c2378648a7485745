import io
import random
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from dure.engines.cells import CAPS, NO_VALUE, Number, Reason, SheetRefused
from dure.engines.headers import Field, find_header, known_field, match_columns
from dure.engines.serials import serial_date
from dure.engines.sheets import open_sheet

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def rows(data, **options):
    return [row.cells for row in open_sheet(io.BytesIO(data), **options).rows()]


def refused(data, **options):
    with pytest.raises(SheetRefused) as caught:
        rows(data, **options)
    assert caught.value.sentence("ko").endswith(".")
    assert caught.value.sentence("en").endswith(".")
    assert "%(" not in caught.value.sentence("ko") + caught.value.sentence("en")
    return caught.value.reason


def workbook(sheet="<row r='1'><c r='A1' t='inlineStr'><is><t>이름</t></is></c></row>", **extra):
    """A small container by hand; `extra` adds or replaces parts (a, b → names in PARTS)."""
    parts = {
        "[Content_Types].xml": "<Types><Default Extension='xml' ContentType='x'/></Types>",
        "_rels/.rels": "<Relationships><Relationship Id='r' Type='t/officeDocument'"
        " Target='xl/workbook.xml'/></Relationships>",
        "xl/workbook.xml": "<workbook><sheets><sheet name='s' r:id='r1'"
        " xmlns:r='u'/></sheets></workbook>",
        "xl/_rels/workbook.xml.rels": "<Relationships><Relationship Id='r1' Type='t/worksheet'"
        " Target='worksheets/sheet1.xml'/></Relationships>",
        SHEET: f"<worksheet xmlns='{MAIN}'><sheetData>{sheet}</sheetData></worksheet>",
    } | extra.get("parts", {})
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
        for name, text in parts.items():
            container.writestr(name, text)
    return file.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_csv_is_read_in_each_encoding(encoding):
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    text = '이름,수\r\n뷁마루,"a, ""b""\n둘째"\r\n\r\n끝,1\r\n'
    data = marks.get(encoding, b"") + text.encode(encoding)
    assert rows(data) == [("이름", "수"), ("뷁마루", 'a, "b"\n둘째'), ("끝", "1")]


def test_rows_name_the_line_they_begin_on():
    data = '가,나\n1,"둘\n줄"\n\n3,4\n'.encode()
    assert [row.line for row in open_sheet(io.BytesIO(data)).rows()] == [1, 2, 5]


def test_tab_and_semicolon_are_told_by_the_first_line():
    assert rows("가\t나\n1\t2\n".encode()) == [("가", "나"), ("1", "2")]
    assert rows("가;나\n1;2\n".encode()) == [("가", "나"), ("1", "2")]


def test_short_cp949_text_that_is_utf8_by_accident_can_be_chosen():
    data = "책칸".encode("cp949")
    assert rows(data) == [("åĭ",)]
    assert rows(data, encoding="cp949") == [("책칸",)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"\xff\xff\x00abc", Reason.ENCODING),
        ("가나다".encode() + b"\xff", Reason.ENCODING),
        ("가나다".encode("cp949") + b"\xff\xff", Reason.ENCODING),
        ("가나".encode("utf-8-sig") + "다".encode("cp949"), Reason.ENCODING),
        (b"a,b\n1,\x00\n", Reason.NUL),
        ("a,\x00".encode("utf-16"), Reason.NUL),
        ("가".encode("utf-16") + b"\xd8", Reason.ENCODING),
        (b'a,b\n1,"2\n3,4\n', Reason.QUOTES),
        (b'a,b\n1,"2"x\n', Reason.QUOTES),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Reason.KIND),
        (b"%PDF-1.7 ...", Reason.KIND),
        (b"PK\x03\x04 not a container", Reason.BROKEN),
        (b",".join([b"1"] * 300), Reason.COLUMNS),
        (b"a\n" + b"b" * 40_000, Reason.CELL_CHARS),
        (b"a\n" + b'"' + b"b\n" * 70_000 + b'"', Reason.CELL_CHARS),
        (b"a\n" + b'"b\n",' * 200_000, Reason.RECORD_CHARS),
        (b"," * 1_000_000, Reason.RECORD_CHARS),
    ],
)
def test_bad_text_files_are_refused_by_name(data, reason):
    assert refused(data) is reason


def test_encoding_refusal_names_the_offset_and_both_encodings():
    with pytest.raises(SheetRefused) as caught:
        rows("가나다".encode("cp949") + b"\xff\xff")
    assert caught.value.fields == {"offset": 6, "tried": "UTF-8, CP949"}


def test_two_gigabytes_are_refused_before_reading(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)
    with path.open("rb") as file, pytest.raises(SheetRefused) as caught:
        open_sheet(file)
    assert caught.value.reason is Reason.FILE_BYTES
    assert caught.value.fields == {"found": 2 * 1024**3, "cap": CAPS.file_bytes}


def test_row_cap_is_the_last_accepted_number():
    caps = replace(CAPS, rows=3)
    assert len(rows(b"a\n" * 3, caps=caps)) == 3
    assert refused(b"a\n" * 4, caps=caps) is Reason.ROWS


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"xl/vbaProject.bin": "x"}, Reason.MACRO),
        ({"xl/macrosheets/sheet1.xml": "x"}, Reason.MACRO),
        (
            {
                "[Content_Types].xml": "<Types><Override PartName='/a'"
                " ContentType='application/vnd.ms-excel.sheet.macroEnabled.main+xml'/></Types>"
            },
            Reason.MACRO,
        ),
        ({"xl/externalLinks/externalLink1.xml": "<x/>"}, Reason.EXTERNAL),
        ({"xl/connections.xml": "<x/>"}, Reason.EXTERNAL),
        ({SHEET: "<!DOCTYPE w [<!ENTITY a 'b'>]><worksheet>&a;</worksheet>"}, Reason.ENTITY),
        ({"xl/workbook.xml": "<!DOCTYPE w SYSTEM 'file:///etc/passwd'><w/>"}, Reason.ENTITY),
        ({SHEET: "<worksheet><sheetData><row"}, Reason.BROKEN),
        ({SHEET: "<a>" * 100}, Reason.BROKEN),
        ({SHEET: "<worksheet a='" + "x" * 6_000_000 + "'/>"}, Reason.BROKEN),
        ({"_rels/.rels": "<Relationships/>"}, Reason.KIND),
        ({"xl/workbook.xml": "<workbook/>"}, Reason.KIND),
        ({f"p{i}.xml": "" for i in range(3000)}, Reason.PARTS),
    ],
)
def test_bad_containers_are_refused_by_name(parts, reason):
    caps = replace(CAPS, unpacked_ratio=10**6)
    assert refused(workbook(parts=parts), caps=caps) is reason


@pytest.mark.parametrize(
    ("sheet", "reason"),
    [
        ("<row r='1'><c r='BKTXH1'><v>1</v></c></row>", Reason.COLUMNS),
        ("<row r='1'><c r='XFD1'><v>1</v></c></row>", Reason.COLUMNS),
        ("<row r='2'/><row r='1'/>", Reason.BROKEN),
        ("<row r='1'><c r='B1'><v>1</v></c><c r='A1'><v>1</v></c></row>", Reason.BROKEN),
        ("<row r='1'><c r='A1' t='s'><v>7</v></c></row>", Reason.BROKEN),
        (f"<row r='1'><c r='A1' t='str'><v>{'x' * 40000}</v></c></row>", Reason.CELL_CHARS),
        ("<row r='1'><c r='A1' t='inlineStr'><is><t>_x0000_</t></is></c></row>", Reason.NUL),
    ],
)
def test_bad_sheets_are_refused_by_name(sheet, reason):
    assert refused(workbook(sheet), caps=replace(CAPS, unpacked_ratio=10**6)) is reason


def test_zip_bomb_is_refused_by_its_directory_alone():
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container,
        container.open(SHEET, "w", force_zip64=True) as part,
    ):
        for _ in range(64):
            part.write(b" " * 2**20)
    tracemalloc.start()
    assert refused(file.getvalue()) is Reason.UNPACKED_RATIO
    assert (
        refused(file.getvalue(), caps=replace(CAPS, unpacked_bytes=2**20)) is Reason.UNPACKED_BYTES
    )
    assert tracemalloc.get_traced_memory()[1] < 4 * 2**20
    tracemalloc.stop()


def test_cells_of_a_workbook_by_kind():
    sheet = (
        "<row r='2' hidden='1'><c r='B2'><v>39813</v></c><c r='C2' t='b'><v>1</v></c>"
        "<c r='D2' t='e'><v>#REF!</v></c><c r='E2'><f>SUM(A1)</f><v/></c>"
        "<c r='F2'><f>1+1</f><v>2</v></c><c r='G2' t='d'><v>2018-03-02T00:00:00</v></c>"
        "<c r='H2' t='inlineStr'><is><r><t>두</t></r><r><t>레</t></r><rPh><t>x</t></rPh></is></c>"
        "<c r='I2' t='str'><v>a_x000A_b</v></c><c r='J2'><v>1.2E+11</v></c><c r='K2'/></row>"
    )
    (row,) = open_sheet(io.BytesIO(workbook(sheet))).rows()
    assert row.line == 2
    assert row.hidden
    assert row.cells == (
        "", Number("39813"), "TRUE", NO_VALUE, NO_VALUE, Number("2"), "2018-03-02", "두레", "a\nb",
        Number("120000000000"),
    )  # fmt: skip


def test_an_absent_sheet_is_refused_and_a_named_one_read(shared_data):
    data = (shared_data / "imports" / "orgs_1904.xlsx").read_bytes()
    assert rows(data, sheet="코드표")[0] == ("유형", "상태")
    assert refused(data, sheet="없는 표") is Reason.NO_SHEET


def test_workbook_equals_an_independent_reader(shared_data):
    path = shared_data / "imports" / "orgs_1904.xlsx"
    other = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    wanted = {
        (i, j): value
        for i, line in enumerate(other.to_python(skip_empty_area=False))
        for j, value in enumerate(line)
        if value != ""
    }
    with path.open("rb") as file:
        sheet = open_sheet(file)
        found = {}
        for row in sheet.rows():
            for j, cell in enumerate(row.cells):
                if isinstance(cell, Number):
                    day = serial_date(cell.text, is_1904=True) if cell.dated else None
                    found[row.line - 1, j] = day or float(cell.text)
                elif cell not in ("", NO_VALUE):
                    found[row.line - 1, j] = cell
    assert found == wanted
    assert len(found) == 767


def test_merged_header_is_joined_downwards(shared_data):
    with (shared_data / "imports" / "orgs_1904.xlsx").open("rb") as file:
        header = find_header(open_sheet(file))
    assert header.last_line == 3
    assert header.labels[:3] == ("연번", "기관 / 기관명", "기관 / 유형")
    assert header.labels[8] == "기간 / 설립일"
    assert None not in match_columns(header.labels)


def test_a_label_is_known_by_its_search_key():
    assert known_field(" 출자금 (원) ") is Field.CAPITAL
    assert known_field("ＮＡＭＥ") is Field.NAME


def test_serials_of_both_systems():
    assert serial_date("39813", is_1904=True) == date(2013, 1, 1)
    assert serial_date("39813", is_1904=False) == date(2008, 12, 31)
    assert serial_date("60", is_1904=False) is None
    assert serial_date("59", is_1904=False) == date(1900, 2, 28)
    assert serial_date("61", is_1904=False) == date(1900, 3, 1)


@pytest.mark.parametrize("name", ["orgs_cp949.csv", "orgs_utf8_bom.csv", "orgs_1904.xlsx"])
def test_mutated_files_never_crash(name, shared_data):
    """Bytes flipped, cut, doubled: rows come, or one refusal with a sentence; nothing else."""
    data = Path(shared_data / "imports" / name).read_bytes()
    chance = random.Random(name)
    outcomes = {"read": 0, "refused": 0}
    sentences: set[str] = set()
    for _ in range(400):
        mutated = bytearray(data)
        for _ in range(chance.choice((1, 1, 2, 8, 64))):
            at = chance.randrange(len(mutated))
            action = chance.randrange(4)
            if action == 0:
                mutated[at] = chance.randrange(256)
            elif action == 1:
                del mutated[at : at + chance.randrange(1, 400)]
            elif action == 2:
                mutated[at:at] = mutated[at : at + chance.randrange(1, 200)]
            else:
                mutated[at:at] = chance.choice((b'"', b",", b"\n", b"\x00", b"\xff", b"\r"))
            if not mutated:
                mutated = bytearray(b"x")
        try:
            sheet = open_sheet(io.BytesIO(bytes(mutated)))
            find_header(sheet)
            sum(1 for _ in sheet.rows())
            outcomes["read"] += 1
        except SheetRefused as refusal:
            sentences.add(refusal.sentence("ko"))
            outcomes["refused"] += 1
    assert sum(outcomes.values()) == 400
    assert "" not in sentences
    assert min(outcomes.values()) >= 10

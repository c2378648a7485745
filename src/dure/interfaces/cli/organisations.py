"""`dure import organisations FILE` and `dure export organisations`: lists of the register."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path

from dure.core.actions import run, to_plain
from dure.core.actors import Actor
from dure.core.clock import now, today
from dure.core.door import load_grants
from dure.engines.issues import MATTERS, Level
from dure.interfaces.cli.answers import Answer
from dure.interfaces.cli.who import who
from dure.registry import spool
from dure.registry.queries import imports as queries
from dure.registry.queries.search import Filters, Found, search

REFUSED_SHOWN_MAX = 1000
PAGE = 500
COLUMNS = ("id", "name", "name_en", "form", "district", "state", "statuses", "former_name")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs=1, metavar="FILE", help="CSV or XLSX, with a header line")
    parser.add_argument("--district", default="city", help="district code; the city if left out")
    parser.add_argument("--year", type=int, help="year of the yearly values; last year if left out")
    parser.add_argument("--sheet", help="which sheet of a workbook")
    parser.add_argument("--encoding", default="", help="utf-8 or cp949, where both would read")
    parser.add_argument("--columns", help="field names by comma, one a column, empty to leave out")
    parser.add_argument("--so", default="", help="codes of warnings to store so, by comma, or all")
    parser.add_argument("--hold", default="", help="codes of warnings whose rows stay out")
    parser.add_argument("--dry-run", action="store_true", help="judge only, store nothing")


def import_files(given: argparse.Namespace) -> Answer:
    """Open, map, judge and store one list: all of it or nothing."""
    answer, actor = Answer(), who(given)
    path = Path(given.files[0])
    with path.open("rb") as file:
        name = spool.put(iter(lambda: file.read(1 << 20), b""), path.name)
    body = {
        "file": name,
        "file_name": path.name,
        "district": given.district,
        "year": given.year or today().year - 1,
        "sheet": given.sheet,
        "encoding": given.encoding,
    }
    try:
        opened = run("registry.import.open", body, actor).result
    except BaseException:
        spool.drop(name)
        raise
    imp = queries.of(opened.id, _loaded(actor))
    columns = given.columns.split(",") if given.columns else list(imp.columns)
    mapped = run("registry.import.map", {"import_id": opened.id, "columns": columns}, actor).result
    answer.facts = {"import": opened.id, "columns": columns, "encoding": imp.encoding}
    if mapped.same_as:
        answer.facts |= {"same_as": mapped.same_as, "made": 0, "changed": 0}
        answer.say(f"이미 들어온 명단입니다: {mapped.same_as}")
        answer.say(f"This list was stored before: {mapped.same_as}")
        return answer
    judged = run("registry.import.judge", {"import_id": opened.id}, actor).result
    counts = to_plain(judged)
    assert isinstance(counts, dict)
    answer.facts["counts"] = counts
    answer.say(" · ".join(f"{name} {value}" for name, value in counts.items()))
    if judged.reject:
        _refuse_rows(answer, opened.id, actor)
        return answer
    if given.dry_run:
        return answer
    _answer_warnings(given, opened.id, actor)
    stored = run("registry.import.apply", {"import_id": opened.id}, actor, key=_key(opened.id))
    result = to_plain(stored.result)
    assert isinstance(result, dict)
    answer.facts |= {**result, "line": str(stored.line_id)}
    answer.say(f"새로 {result['made']} · 바뀜 {result['changed']} · 그대로 {result['same']}")
    return answer


def _key(import_id: str) -> str:
    return sha256(f"cli:{import_id}:apply".encode()).hexdigest()[:32]


def _loaded(actor: Actor) -> Actor:
    return load_grants(actor, now())


def _refuse_rows(answer: Answer, import_id: str, actor: Actor) -> None:
    """Name every refused row with its line, column, value and remedy."""
    imp = queries.of(import_id, _loaded(actor))
    for found in islice(queries.refused(imp), REFUSED_SHOWN_MAX):
        where = f"{found.line}행 {found.column}".strip()
        place = f"line {found.line} {found.column}".strip()
        value = f" ({found.value})" if found.value else ""
        answer.refuse(
            f"registry.import.{found.code}",
            f"{where}{value}: {found.what.ko} {found.remedy.ko}",
            f"{place}{value}: {found.what.en} {found.remedy.en}",
            line=found.line,
            column=found.column,
            value=found.value,
        )


def _answer_warnings(given: argparse.Namespace, import_id: str, actor: Actor) -> None:
    so = [code for code in given.so.split(",") if code]
    hold = [code for code in given.hold.split(",") if code]
    if so == ["all"]:
        imp = queries.of(import_id, _loaded(actor))
        rows = queries.staged(imp, verdict="warn").iterator(chunk_size=2000)
        asked = {found.code for row in rows for found in queries.found(imp, row)}
        warnings = {code for code in asked if MATTERS[code].level is Level.WARN}
        so = sorted(warnings - set(hold))
    if so or hold:
        run("registry.import.answer", {"import_id": import_id, "so": so, "hold": hold}, actor)


# -- export ---------------------------------------------------------------------------------------


def export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", metavar="FILE", help="CSV file; standard output if left out")
    parser.add_argument("--district", default="", help="only this district")
    parser.add_argument("--status", default="", help="only this status code")
    parser.add_argument("--state", default="", help="only this state code")


def export_file(given: argparse.Namespace) -> Answer:
    """Write the public register as CSV: UTF-8 with a byte order mark, for spreadsheets."""
    answer = Answer()
    filters = Filters(district=given.district, status=given.status, state=given.state)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    rows = [[_cell(value) for value in row] for row in _rows(filters)]
    writer.writerows(rows)
    if given.output:
        Path(given.output).write_text(text.getvalue(), encoding="utf-8-sig", newline="")
        answer.say(f"{given.output}: {len(rows)}")
    elif not given.json:
        sys.stdout.write(text.getvalue())
    answer.facts = {"rows": len(rows), "file": given.output}
    return answer


def _rows(filters: Filters) -> Iterator[tuple[object, ...]]:
    after: str | None = None
    while True:
        result = search(filters, after=after, size=PAGE)
        for row in result.rows:
            yield _told(row)
        if not result.after:
            return
        after = result.after


def _told(row: Found) -> tuple[object, ...]:
    statuses = " ".join(row.statuses)
    return (
        row.id, row.name, row.name_en, row.form, row.district, row.state, statuses, row.former,
    )  # fmt: skip


def _cell(value: object) -> str:
    """A text cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text

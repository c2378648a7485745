"""Judging a list: every row read, judged, written to staging and compared with the register."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from dure.core import clock, progress, rulebook
from dure.core.actions import action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.types import UuidText
from dure.engines.business_number import Scheme, number_token
from dure.engines.cells import CAPS, Row, Sheet, SheetRefused
from dure.engines.headers import Field
from dure.engines.issues import Issue, Level
from dure.engines.sheets import open_sheet
from dure.engines.verdicts import COOP_KINDS, Judge, Judged, OrganisationRow, Terms
from dure.registry import import_policies, spool
from dure.registry.actions import imports as opening
from dure.registry.import_errors import ImportCode, refusal_of
from dure.registry.import_statements import COMPARE, COPY, DISAGREE, LATE, TWICE, WITH_NAMES
from dure.registry.models import District, Import, Organisation
from dure.registry.naming import search_columns
from dure.registry.queries import imports as queries
from dure.registry.vault import ring
from dure.registry.vault.keys import NUMBERS

BATCH = 1_000
STAGES = (
    ("줄을 읽고 판정하는 중", "reading and judging rows"),
    ("등록부와 견주는 중", "comparing"),
)


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What the rows of a list are worth, and how they stand to the register."""

    id: str
    state: str
    ok: int
    fix: int
    warn: int
    reject: int
    new: int
    same: int
    change: int
    not_rows: int


@action(
    "registry.import.judge",
    ko="명단의 모든 줄을 판정하고 등록부와 견줍니다.",
    en="Judge every row of a list and compare it with the register.",
    policy=import_policies.may_import,
    letters=opening.LETTERS,
    subject=queries.one,
    lock=queries.lock,
    idempotent=True,
    long=True,
    faces=("web", "cli", "job"),
    writes=("registry_import", "registry_importrow"),
    refusals=(ImportCode.FILE, ImportCode.ENCODING, ImportCode.NOTHING, CoreCode.STATE_CHANGED),
)
def judge_import(import_id: UuidText, *, actor: Actor) -> ImportCounts:
    """Judge a list whose columns are settled. One refused row refuses the list; nothing is stored.

    Effects: staged rows; the file is deleted from the spool. No table of the register changes.
    """
    imp = subject(Import)
    opening.refuse_state(imp, "opened")
    if not imp.scope_key:
        raise Refusal(CoreCode.STATE_CHANGED, state=imp.get_state_display())
    path = spool.path_of(imp.spool)
    with path.open("rb") as opened:
        try:
            sheet = open_sheet(opened, sheet=imp.sheet or None, encoding=_chosen(imp))
            judge = Judge(_terms(imp, sheet))
            staged = _stage(imp, sheet, judge)
        except SheetRefused as refused:
            raise refusal_of(refused) from None
    if staged == 0:
        raise Refusal(ImportCode.NOTHING)
    _late(imp, judge)
    progress.report(*STAGES[1], 0, 1)
    compare(imp)
    name = imp.spool
    _settle(imp, judge)
    progress.stop_if_cancelled(afresh=True)
    transaction.on_commit(lambda: spool.drop(name))
    counts = imp.counts
    line().object("registry.import", imp.pk)
    return ImportCounts(str(imp.pk), imp.state, **{name: counts[name] for name in NAMES})


NAMES = ("ok", "fix", "warn", "reject", "new", "same", "change", "not_rows")


def _chosen(imp: Import) -> str | None:
    return imp.encoding if imp.encoding in ("utf-8", "cp949") else None


def _terms(imp: Import, sheet: Sheet) -> Terms:
    districts = District.objects.everything("the districts of the city are public")
    return Terms(
        columns=tuple(Field(column) if column else None for column in imp.columns),
        districts=dict(districts.values_list("name", "sig")),
        today=clock.today(),
        members_min=rulebook.value("found.members").integer,
        is_1904=sheet.is_1904,
        width=len(imp.labels) if sheet.kind == "csv" else None,
    )


def _stage(imp: Import, sheet: Sheet, judge: Judge) -> int:
    """Judge row by row into staging; gives the number of rows."""
    total = _rows_expected(imp)
    key = ring().latest(NUMBERS)[1]
    count = 0
    prefix, suffix = f"{imp.pk}\t", f"\t{line().id}\n"
    ids = rising_ids(min(total, CAPS.rows))
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        held: list[str] = []
        for judged in _judged(imp, sheet, judge):
            held.append(f"{prefix}{next(ids)}\t{_copied(judged, key)}{suffix}")
            count += 1
            if count % BATCH == 0:
                copy.write("".join(held))
                held.clear()
                progress.report(*STAGES[0], count, max(total, count))
                progress.stop_if_cancelled()
        copy.write("".join(held))
    return count


def rising_ids(count: int) -> Iterator[str]:
    """Random ids (RFC 9562, version 4) for new organisations, without end.

    The first `count` rise, so that each index over them grows at its end.

    >>> from itertools import islice
    >>> ids = list(islice(rising_ids(1_000), 2_000))
    >>> ids[:1_000] == sorted(ids[:1_000]), len(set(ids)), {len(each) for each in ids}
    (True, 2000, {32})
    """
    size = count
    while True:
        block = os.urandom(16 * size)
        drawn = sorted(block[start : start + 16] for start in range(0, len(block), 16))
        for one in drawn:
            digits = one.hex()
            yield f"{digits[:12]}4{digits[13:16]}{'89ab'[one[8] & 3]}{digits[17:]}"
        size = BATCH


def _judged(imp: Import, sheet: Sheet, judge: Judge) -> Iterator[Judged]:
    scope = imp.district_id
    column = 1 + imp.columns.index(Field.DISTRICT.value)
    rows: Iterator[Row] = sheet.rows()
    for row in rows:
        if row.line <= imp.header_line:
            continue
        judged = judge.row(row)
        if judged is None:
            continue
        extra = []
        values = judged.values
        if scope is not None and values.district is not None and values.district != scope:
            extra.append(Issue("outside_scope", column))
        if values.name and form_of(values) == Organisation.Form.SOLE_TRADER:
            extra.append(Issue("sole_trader"))
        if extra:
            judged = Judged(judged.line, values, (*judged.issues, *extra))
        yield judged


def form_of(values: OrganisationRow) -> str:
    """The legal form a row implies: unknown counts as a sole trader, whose details stay out."""
    if values.corp is not None or values.kind in COOP_KINDS or values.kind == "federation":
        return Organisation.Form.CORPORATION
    return Organisation.Form.SOLE_TRADER


def _rows_expected(imp: Import) -> int:
    if imp.kind != "csv":
        return 0
    with spool.path_of(imp.spool).open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))


def _text(value: str) -> str:
    """A text as COPY takes it."""
    if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
        value = value.replace("\\", "\\\\").replace("\n", "\\n")
        value = value.replace("\t", "\\t").replace("\r", "\\r")
    return value


def issues_json(issues: tuple[Issue, ...]) -> str:
    """Issues as they are kept in staging."""
    return json.dumps(
        [{"c": i.code, "n": i.column, "v": i.value, "m": i.mended} for i in issues],
        ensure_ascii=False,
    )


def _token(key: bytes, scheme: Scheme, digits: str | None) -> str:
    return "\\N" if digits is None else "\\\\x" + number_token(key, scheme, digits).hex()


def _maybe(value: object) -> str:
    return "\\N" if value is None else str(value)


def _copied(judged: Judged, key: bytes) -> str:
    """One staged row, its columns in the order of COPY between import and audit line."""
    values = judged.values
    issues = _text(issues_json(judged.issues)) if judged.issues else "\\N"
    keys = search_columns(values.name)
    form = form_of(values)
    clear = form != Organisation.Form.SOLE_TRADER
    return "\t".join(
        (
            str(judged.line), judged.verdict, issues, "f", "new", "\\N",
            _text(values.name), keys["name_key"], keys["jamo_keys"], keys["initials_keys"], form,
            values.kind or "", values.state or "", values.district or "",
            _text(values.address) if clear else "",
            _maybe(values.biz) if clear else "\\N", _maybe(values.corp),
            _token(key, "biz", values.biz), _token(key, "corp", values.corp),
            _maybe(values.founded), _maybe(values.ended), _maybe(values.members),
            _maybe(values.capital), _parent(values.parent),
            _text(values.mail) if clear else "", _text(values.phone) if clear else "",
            _text(values.web) if clear else "",
        )
    )  # fmt: skip


def _parent(name: str) -> str:
    return search_columns(name)["name_key"] if name else ""


def _late(imp: Import, judge: Judge) -> None:
    """Write what only the whole file shows: same names, federations nobody knows."""
    outside = judge.parents_outside()
    registered: list[str] = []
    with connection.cursor() as cursor:
        if outside:
            cursor.execute(WITH_NAMES, {"keys": list(outside)})
            registered = [key for (key,) in cursor.fetchall()]
        late: dict[int, list[Issue]] = {}
        for number, issue in judge.late(registered):
            late.setdefault(number, []).append(issue)
        if late:
            numbers = list(late)
            told = [issues_json(tuple(late[number])) for number in numbers]
            cursor.execute(
                LATE, {"imp": imp.pk, "lines": numbers, "issues": told, "audit": line().id}
            )


def compare(imp: Import) -> None:
    """Say for each row whether it is new, the same, or what it changes; one row an organisation."""
    places: dict[str, Any] = {  # Any: values of SQL places
        "imp": imp.pk,
        "audit": line().id,
        "today": clock.today(),
        "year": imp.year,
    }
    with connection.cursor() as cursor:
        cursor.execute(COMPARE, places)
        cursor.execute(DISAGREE, places)
        cursor.execute(TWICE, places)


COUNT = """
SELECT verdict, against, count(*) FROM registry_importrow WHERE imp_id = %s GROUP BY 1, 2
"""
COUNT_CODES = """
SELECT e->>'c', count(DISTINCT r.line) FROM registry_importrow r, jsonb_array_elements(r.issues) e
WHERE r.imp_id = %s AND r.verdict <> 'reject' GROUP BY 1
"""


def _settle(imp: Import, judge: Judge) -> None:
    counts: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [imp.pk])
        for verdict, against, number in cursor.fetchall():
            counts[verdict] += number
            if verdict != "reject":
                counts[against] += number
        cursor.execute(COUNT_CODES, [imp.pk])
        codes = dict(cursor.fetchall())
    told: dict[str, object] = {name: counts[name] for name in NAMES}
    told["not_rows"] = len(judge.totals)
    told["warnings"] = {c: n for c, n in codes.items() if Issue(c).level is Level.WARN}
    told["codes"] = codes
    imp.counts = told
    imp.totals = judge.totals[:100]
    imp.state = Import.State.REFUSED if counts["reject"] else Import.State.JUDGED
    imp.judged_at, imp.audit, imp.spool, imp.job = clock.now(), line().id, "", None
    imp.save(update_fields=["counts", "totals", "state", "judged_at", "audit", "spool", "job"])

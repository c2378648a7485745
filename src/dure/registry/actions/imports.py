"""Bringing a list: open it, match its columns, answer what is asked, approve it, give up."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated

from django.db import transaction
from pydantic import Field as Bounds

from dure.core import clock, jobs
from dure.core.actions import action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.core.types import Line, UuidText
from dure.engines.cells import Sheet, SheetRefused
from dure.engines.hangul import search_key
from dure.engines.headers import Field, Header, find_header, match_columns, missing_fields
from dure.engines.issues import MATTERS, Level
from dure.engines.rrn import has_rrn
from dure.engines.sheets import open_sheet
from dure.registry import import_policies, spool
from dure.registry.import_errors import ImportCode, refusal_of
from dure.registry.models import Import, ImportMapping, ImportRow
from dure.registry.queries import imports as queries

LETTERS = {Role.STAFF: "d", Role.OPERATOR: "o"}
SECOND_LETTERS = {Role.STAFF: "d", Role.OFFICIAL: "d"}
NAMES = frozenset(("", *(field.value for field in Field)))
WARNINGS = frozenset(code for code, matter in MATTERS.items() if matter.level is Level.WARN)
ScopeText = Annotated[str, Bounds(pattern=r"^([0-9]{5}|city)$")]
SpoolText = Annotated[str, Bounds(pattern=r"^[0-9a-f]{32}$")]
YearNumber = Annotated[int, Bounds(ge=1900, le=2200)]
EncodingText = Annotated[str, Bounds(pattern=r"^(|utf-8|cp949)$")]
FieldTexts = Annotated[tuple[Annotated[str, Bounds(max_length=12)], ...], Bounds(max_length=256)]
CodeTexts = Annotated[tuple[Annotated[str, Bounds(max_length=30)], ...], Bounds(max_length=60)]


@dataclass(frozen=True, slots=True)
class ImportRef:
    """An import: its id, state, and the import that answered already when the list came before."""

    id: str
    state: str
    same_as: str | None = None
    job: str | None = None


def refuse_state(imp: Import, *allowed: str) -> None:
    """Refuse when the import is in none of the allowed states."""
    if imp.state not in allowed:
        names = {one.value: one for one in Import.State}
        words = T(names[imp.state].label, imp.state)
        raise Refusal(CoreCode.STATE_CHANGED, state=words)


@action(
    "registry.import.open",
    ko="명단 파일을 열어 열을 맞춥니다.",
    en="Open a list and match its columns.",
    policy=import_policies.may_import,
    letters=LETTERS,
    subject=queries.scope,
    idempotent=True,
    faces=("web", "cli"),
    writes=("registry_import",),
    refusals=(ImportCode.FILE, ImportCode.ENCODING, ImportCode.NOTHING, ImportCode.AMBIGUOUS),
)
def open_import(
    file: SpoolText,
    file_name: Line,
    district: ScopeText,
    year: YearNumber,
    sheet: Line | None = None,
    encoding: EncodingText = "",
    *,
    actor: Actor,
) -> ImportRef:
    """Read the header of a spooled file and propose which column is what; no row is judged yet.

    Effects: one `Import` in state opened. The file stays in the spool until it is judged.
    """
    scope = subject(queries.Scope)
    path = spool.path_of(file)
    with path.open("rb") as opened:
        try:
            table = open_sheet(opened, sheet=sheet, encoding=encoding or None)
            header = find_header(table)
            _refuse_ambiguous(table, header, opened, encoding)
        except SheetRefused as refused:
            raise refusal_of(refused) from None
    if not any(header.labels):
        raise Refusal(ImportCode.NOTHING, field="file")
    if has_rrn("|".join((*header.labels, table.name))):
        raise Refusal(CoreCode.RRN, field="file")
    imp = Import(
        district_id=scope.district_id,
        year=year,
        file_name=file_name,
        spool=file,
        sha256=spool.sha256_of(path),
        size=path.stat().st_size,
        kind=table.kind,
        encoding=table.encoding,
        sheet=table.name,
        sheets=list(table.names),
        labels=list(header.labels),
        header_line=header.last_line,
        opener=actor.id,
        opened_at=clock.now(),
        audit=line().id,
    )
    chosen = match_columns(header.labels, _remembered(imp, header))
    imp.columns = [field.value if field else "" for field in chosen]
    imp.save(force_insert=True)
    line().object("registry.import", imp.pk)
    return ImportRef(str(imp.pk), imp.state)


def _refuse_ambiguous(table: Sheet, header: Header, opened: object, encoding: str) -> None:
    """Ask when no label is known as UTF-8 and some are as CP949: short text can be both."""
    if encoding or table.encoding != "utf-8" or any(match_columns(header.labels)):
        return
    if all(label.isascii() for label in header.labels):
        return
    try:
        other = find_header(open_sheet(opened, encoding="cp949"))  # type: ignore[arg-type]  # the same file
    except SheetRefused:
        return
    if any(match_columns(other.labels)):
        raise Refusal(ImportCode.AMBIGUOUS, field="encoding")


def _scope_name(imp: Import) -> str:
    return imp.district_id or queries.CITY


def _remembered(imp: Import, header: Header) -> dict[str, str]:
    rows = ImportMapping.objects.everything("the mapping of the very scope of the import")
    found = rows.filter(scope=_scope_name(imp), header=header.digest).first()
    return dict(found.fields) if found else {}


@action(
    "registry.import.map",
    ko="명단의 열이 무엇인지 정합니다.",
    en="Settle what the columns of a list are.",
    policy=import_policies.may_import,
    letters=LETTERS,
    subject=queries.one,
    lock=queries.lock,
    idempotent=True,
    faces=("web", "cli"),
    writes=("registry_import", "registry_importmapping"),
    refusals=(ImportCode.COLUMNS, ImportCode.TWICE, CoreCode.STATE_CHANGED),
)
def map_import(
    import_id: UuidText, columns: FieldTexts, later: bool = False, *, actor: Actor
) -> ImportRef:
    """Settle the columns and remember them for lists with the same header.

    columns : a field name or "" for each column, in order
    later   : have the worker judge the rows; else the caller runs registry.import.judge
    Returns   the import; `same_as` names the import that brought this very list before: then this
              one is cancelled and nothing is judged again
    """
    imp = subject(Import)
    refuse_state(imp, "opened")
    if len(columns) != len(imp.labels) or not NAMES.issuperset(columns):
        raise Refusal(CoreCode.BAD_FIELD, field="columns", range=T("열마다 하나", "one a column"))
    fields = [Field(c) if c else None for c in columns]
    chosen = [f for f in fields if f is not None]
    if twice := sorted({f for f in chosen if chosen.count(f) > 1}):
        raise Refusal(ImportCode.TWICE, field="columns", fields=_named(twice))
    if missing := missing_fields(fields):
        raise Refusal(ImportCode.COLUMNS, field="columns", fields=_named(missing))
    imp.columns = list(columns)
    imp.scope_key = scope_key(imp)
    imp.audit = line().id
    _remember(imp)
    line().object("registry.import", imp.pk)
    before = _before(imp)
    if before is not None:
        imp.state, imp.ended_at = Import.State.CANCELLED, clock.now()
        imp.save(update_fields=["columns", "scope_key", "audit", "state", "ended_at"])
        name = imp.spool
        transaction.on_commit(lambda: spool.drop(name))
        return ImportRef(str(imp.pk), imp.state, same_as=str(before.pk))
    job = None
    if later:
        job = jobs.later("registry.import.judge", {"import_id": str(imp.pk)}, actor).id
        imp.job = job
    imp.save(update_fields=["columns", "scope_key", "audit", "job"])
    return ImportRef(str(imp.pk), imp.state, job=job)


def scope_key(imp: Import) -> str:
    """The hash of bytes, mapping, scope and year: what makes two imports the same one."""
    parts = (imp.sha256, imp.sheet, imp.encoding, _scope_name(imp), str(imp.year), *imp.columns)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _named(fields: object) -> T:
    names = [queries.FIELD_NAMES[field] for field in fields]  # type: ignore[attr-defined]  # a sequence of Field
    return T(", ".join(name.ko for name in names), ", ".join(name.en for name in names))


def _before(imp: Import) -> Import | None:
    """The import of the very same list that stands applied."""
    rows = Import.objects.everything("the same bytes, mapping and scope were applied once")
    found: Import | None = rows.filter(scope_key=imp.scope_key, state="applied").first()
    return found


def _remember(imp: Import) -> None:
    keys = {
        search_key(label): column
        for label, column in zip(imp.labels, imp.columns, strict=True)
        if search_key(label)
    }
    header = Header(tuple(imp.labels), imp.header_line, 1).digest
    ImportMapping.rows.update_or_create(
        scope=_scope_name(imp), header=header, defaults={"fields": keys, "audit": line().id}
    )


@action(
    "registry.import.answer",
    ko="물어본 줄을 저장할지 미룰지 답합니다.",
    en="Answer whether questioned rows are stored or held.",
    policy=import_policies.may_import,
    letters=LETTERS,
    subject=queries.one,
    lock=queries.lock,
    idempotent=True,
    faces=("web", "cli"),
    writes=("registry_import", "registry_importrow"),
    refusals=(CoreCode.STATE_CHANGED,),
)
def answer_import(
    import_id: UuidText, so: CodeTexts = (), hold: CodeTexts = (), *, actor: Actor
) -> ImportRef:
    """Answer each kind of warning: import so, or hold (the row stays out). Later answers replace.

    A changed answer takes an approval back, since the second person saw another list.
    """
    imp = subject(Import)
    refuse_state(imp, "judged")
    if unknown := {*so, *hold} - WARNINGS:
        raise Refusal(
            CoreCode.BAD_FIELD, field=min(unknown)[:30], range=T("물음 코드", "a warning")
        )
    answers = {**imp.answers, **dict.fromkeys(so, "so"), **dict.fromkeys(hold, "hold")}
    if answers != imp.answers:
        imp.approver = None
    line().object("registry.import", imp.pk)
    line().changed("answers", sorted(imp.answers.items()), sorted(answers.items()))
    imp.answers, imp.audit = answers, line().id
    imp.save(update_fields=["answers", "approver", "audit"])
    held = [code for code, answer in answers.items() if answer == "hold"]
    staged = ImportRow.objects.everything("rows of the import that was fetched by its scope")
    staged = staged.filter(imp=imp, verdict="warn")
    staged.filter(held=True).update(held=False, audit=line().id)
    for code in held:
        staged.filter(issues__contains=[{"c": code}]).update(held=True, audit=line().id)
    return ImportRef(str(imp.pk), imp.state)


@action(
    "registry.import.approve",
    ko="다른 사람이 올린 긴 명단을 승인합니다.",
    en="Approve a long list that somebody else brought.",
    policy=import_policies.may_approve_import,
    letters=SECOND_LETTERS,
    subject=queries.one,
    lock=queries.lock,
    idempotent=True,
    faces=("web",),
    writes=("registry_import",),
    refusals=(CoreCode.STATE_CHANGED, ImportCode.UNANSWERED),
)
def approve_import(import_id: UuidText, *, actor: Actor) -> ImportRef:
    """Say as a second person that this list, with these answers, may be stored."""
    imp = subject(Import)
    refuse_state(imp, "judged")
    refuse_unanswered(imp)
    imp.approver, imp.audit = actor.id, line().id
    imp.save(update_fields=["approver", "audit"])
    line().object("registry.import", imp.pk)
    return ImportRef(str(imp.pk), imp.state)


def refuse_unanswered(imp: Import) -> None:
    """Refuse while a kind of warning of this import has no answer."""
    waiting = sorted(set(imp.counts.get("warnings", {})) - set(imp.answers))
    if waiting:
        words = [MATTERS[code] for code in waiting]
        kinds = T(" ".join(w.ko for w in words), " ".join(w.en for w in words))
        raise Refusal(ImportCode.UNANSWERED, kinds=kinds)


@action(
    "registry.import.cancel",
    ko="저장하기 전의 명단을 버립니다.",
    en="Drop a list before it is stored.",
    policy=import_policies.may_import,
    letters=LETTERS,
    subject=queries.one,
    lock=queries.lock,
    idempotent=True,
    faces=("web", "cli"),
    writes=("registry_import", "registry_importrow"),
    refusals=(CoreCode.STATE_CHANGED,),
)
def cancel_import(import_id: UuidText, *, actor: Actor) -> ImportRef:
    """Drop a list: its file, its staged rows. What was applied is undone instead."""
    imp = subject(Import)
    refuse_state(imp, "opened", "judged", "refused")
    name = imp.spool
    transaction.on_commit(lambda: spool.drop(name))
    staged = ImportRow.objects.everything("rows of the import that was fetched by its scope")
    staged.filter(imp=imp)._raw_delete(staged.db)
    imp.state, imp.ended_at, imp.audit = Import.State.CANCELLED, clock.now(), line().id
    imp.save(update_fields=["state", "ended_at", "audit"])
    line().object("registry.import", imp.pk)
    return ImportRef(str(imp.pk), imp.state)

"""Whole books as files: each download leaves one record and one line of the audit."""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from dure.core import clock
from dure.core.actions import Reason, Who, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode
from dure.core.models import ExportRecord
from dure.core.types import Count, Digest, IsoDate, Line, Part
from dure.engines.tables_out import csv_lines, write_xlsx
from dure.ledger import policies
from dure.ledger.models import Book, Transfer
from dure.ledger.queries import exports, trial
from dure.ledger.types import RowId
from dure.registry import spool

KEPT = timedelta(hours=24)
# trust.md: books, audit lines, verifiers (no names); in a district m reads as the district.
READERS = {
    Role.TREASURER: "m",
    Role.APPROVER: "m",
    Role.BOARD: "m",
    Role.AUDITOR: "m",
    Role.ETHICS: "m",
    Role.OPERATOR: "o",
}
RECORD = ("core_exportrecord",)


@dataclass(frozen=True, slots=True)
class ExportRef:
    """A written download: its record, its file in the spool, its rows and hash."""

    id: str
    file: str
    rows: int
    sha256: str


def readable(body: Any, actor: Actor) -> Book:  # Any: a body with book_id
    """A book that the actor may read as a whole."""
    found = exports.readable(actor, body.book_id)
    line().organisation(found.organisation_id)
    return found


@action(
    "ledger.book.export",
    ko="한 장부의 모든 이체를 파일로 내려받습니다.",
    en="Download all transfers of a book as a file.",
    policy=policies.may_download,
    letters=READERS,
    subject=readable,
    reason=Reason.REQUIRED,
    who=(Who.PERSON, Who.OPERATOR),
    faces=("web", "cli"),
    long=True,
    writes=RECORD,
    refusals=(CoreCode.NOT_FOUND,),
)
def export_book(book_id: RowId, *, actor: Actor) -> ExportRef:
    """Write the journal in beancount syntax into the spool, for a stated reason; no names.

    Source: trust.md, *exports*: reason, watermark, end after 24 hours.
    """
    book = subject(Book)
    name = secrets.token_hex(16)
    path = spool.folder() / name
    rows = Transfer.rows.filter(book=book.pk).count()
    _write(path, (piece.encode() for piece in exports.journal(actor, str(book.pk))))
    return _recorded("ledger.journal", "beancount", {"book": book.pk}, rows, name, path, actor)


@action(
    "ledger.trial.export",
    ko="한 장부의 시산표를 파일로 내려받습니다.",
    en="Download the trial balance of a book as a file.",
    policy=policies.may_download,
    letters=READERS,
    subject=readable,
    reason=Reason.OPTIONAL,
    who=(Who.PERSON, Who.OPERATOR),
    faces=("web",),
    writes=RECORD,
    refusals=(CoreCode.NOT_FOUND,),
)
def export_trial(
    book_id: RowId,
    form: Literal["csv", "xlsx"],
    to: IsoDate,
    since: IsoDate | None = None,
    *,
    actor: Actor,
) -> ExportRef:
    """Write every account of the book with opening, debits, credits and closing."""
    book = subject(Book)
    told = trial.balance(actor, str(book.pk), to, since)
    name = secrets.token_hex(16)
    path = spool.folder() / name
    if form == "csv":
        _write(path, csv_lines(trial.header(), trial.table(told)))
    else:
        buffer = io.BytesIO()
        write_xlsx(buffer, trial.TITLE.ko, trial.header(), trial.table(told))
        _write(path, [buffer.getvalue()])
    query = {"book": book.pk, "since": told.since.isoformat(), "to": told.as_of.isoformat()}
    return _recorded("ledger.trial", form, query, len(told.rows), name, path, actor)


def _write(path: Path, pieces: Iterable[bytes] | Iterator[bytes]) -> None:
    with path.open("xb") as file:
        path.chmod(0o600)
        for piece in pieces:
            file.write(piece)


def _recorded(
    kind: str,
    form: str,
    query: dict[str, object],
    rows: int,
    name: str,
    path: Path,
    actor: Actor,
) -> ExportRef:
    spool.sweep()
    now = clock.now()
    record = ExportRecord.rows.create(
        actor_kind=actor.kind.value,
        actor=actor.id,
        kind=kind,
        format=form,
        query=query,
        columns=trial.header() if kind == "ledger.trial" else [],
        row_count=rows,
        size=path.stat().st_size,
        sha256=spool.sha256_of(path),
        watermark=hashlib.sha256(name.encode()).hexdigest()[:16],
        made_at=now,
        expires_at=now + KEPT,
        audit=line().id,
    )
    line().object("core.export", record.pk)
    return ExportRef(str(record.pk), name, rows, record.sha256)


class WrittenFile(Part):
    """One file of a bundle, as it was written."""

    name: Line
    size: Count
    sha256: Digest


Files = Annotated[tuple[WrittenFile, ...], Field(min_length=1, max_length=20)]


@action(
    "ledger.books.export",
    ko="장부 묶음을 내보낸 것을 적습니다.",
    en="Record that the bundle of all books was written out.",
    policy=policies.may_install,
    letters={},
    who=Who.OPERATOR,
    faces=("cli",),
    writes=RECORD,
    refusals=(CoreCode.NOT_FOUND,),
)
def export_books(files: Files, *, actor: Actor) -> ExportRef:
    """Keep one record of a bundle that the command has written, under the hash of its hashes.

    The files come out of one snapshot, which cannot write; so the record follows them.
    """
    told = "".join(f"{one.sha256}  {one.name}\n" for one in files)
    digest = hashlib.sha256(told.encode()).hexdigest()
    now = clock.now()
    rows = Transfer.rows.count()
    record = ExportRecord.rows.create(
        actor_kind=actor.kind.value,
        actor=actor.id,
        kind="ledger.books",
        format="folder",
        query={one.name: one.sha256 for one in files},
        row_count=rows,
        size=sum(one.size for one in files),
        sha256=digest,
        watermark=digest[:16],
        made_at=now,
        expires_at=now + KEPT,
        audit=line().id,
    )
    line().object("core.export", record.pk)
    return ExportRef(str(record.pk), "", rows, digest)

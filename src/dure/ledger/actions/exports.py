"""Whole books as files: each download leaves one record and one line of the audit."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from pydantic import Field

from dure.core.actions import Reason, Who, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode
from dure.core.types import Count, Digest, IsoDate, Line, Part
from dure.ledger import policies
from dure.ledger.models import Book, Transfer
from dure.ledger.queries import exports, trial
from dure.ledger.types import RowId
from dure.registry.errors import RegistryCode
from dure.registry.exporting import RECORD, Export, ExportRef, Form, record, table, text

# trust.md: books, audit lines, verifiers (no names); in a district m reads as the district.
READERS = {
    Role.TREASURER: "m",
    Role.APPROVER: "m",
    Role.BOARD: "m",
    Role.AUDITOR: "m",
    Role.ETHICS: "m",
    Role.OPERATOR: "o",
}


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
    refusals=(CoreCode.NOT_FOUND, RegistryCode.EXPORT_TOO_LONG),
)
def export_book(book_id: RowId, *, actor: Actor) -> ExportRef:
    """Write the journal in beancount syntax into the spool, for a stated reason; no names.

    Source: trust.md, *exports*: reason, watermark, end after 24 hours.
    """
    book = subject(Book)
    rows = Transfer.rows.filter(book=book.pk).count()
    pieces = (piece.encode() for piece in exports.journal(actor, str(book.pk)))
    return text(Export("ledger.journal", "beancount", {"book": book.pk}), pieces, rows, actor=actor)


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
    refusals=(CoreCode.NOT_FOUND, RegistryCode.EXPORT_TOO_LONG),
)
def export_trial(
    book_id: RowId,
    form: Form,
    to: IsoDate,
    since: IsoDate | None = None,
    *,
    actor: Actor,
) -> ExportRef:
    """Write every account of the book with opening, debits, credits and closing."""
    book = subject(Book)
    told = trial.balance(actor, str(book.pk), to, since)
    query = {"book": book.pk, "since": told.since.isoformat(), "to": told.as_of.isoformat()}
    export = Export("ledger.trial", form, query, trial.header())
    return table(export, trial.TITLE.ko, trial.table(told), actor=actor)


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
    rows = Transfer.rows.count()
    made = record(
        Export("ledger.books", "folder", {one.name: one.sha256 for one in files}),
        rows=rows,
        size=sum(one.size for one in files),
        sha256=digest,
        watermark=digest[:16],
        actor=actor,
    )
    return ExportRef(made, "", rows, digest)

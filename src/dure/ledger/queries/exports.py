"""The books as plain files: the bundle anyone can verify, and a book's journal for beancount.

The bundle reads one snapshot: open it with `snapshot()`, or accounts and transfers may not agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain
from typing import Any

from django.db import connection, transaction

from dure.core import clock
from dure.core.actors import Actor, ActorKind
from dure.core.errors import CoreCode, Refusal
from dure.core.models import Seal
from dure.engines import books_bundle, ledger_export
from dure.engines.books_bundle import BundleAccount, BundleSeal, BundleTransfer
from dure.engines.ledger_export import JournalAccount, JournalBalance, JournalRow
from dure.engines.ledger_rows import CHAIN, TransferBody
from dure.ledger.models import Account, Book, Period, Transfer, Unit
from dure.ledger.models.units import read_q

from .subjects import number

CHUNK = 5_000
BODY = (
    "kind", "book", "unit", "debit_id", "credit_id", "amount", "event_date", "purpose", "ref_id",
    "grp", "lot", "expires_at",
)  # fmt: skip


@contextmanager
def snapshot() -> Iterator[None]:
    """One transaction that sees the books as of its beginning and changes nothing."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def bundle(actor: Actor) -> dict[str, Iterator[bytes]]:
    """Every table of the bundle in pieces, by file name; for the operator alone.

    Seals cover the rows of all books, so a bundle of one book could not be verified.
    """
    if actor.kind is not ActorKind.OPERATOR:
        raise Refusal(CoreCode.NOT_FOUND)
    return {
        "format.txt": iter([books_bundle.FORMAT.encode("ascii")]),
        "accounts.csv": books_bundle.accounts_csv(_accounts()),
        "transfers.csv": books_bundle.transfers_csv(_transfers()),
        "seals.csv": books_bundle.seals_csv(_seals()),
    }


def journal(actor: Actor, book_id: str) -> Iterator[str]:
    """A book's whole journal in beancount syntax, in pieces; for who keeps or audits the book.

    The closed periods are read first, then one cursor over the rows is opened, then the accounts:
    so every row of a period and every account of a row is there, whatever is posted meanwhile.
    """
    book = readable(actor, book_id)
    balances = list(_balances(book))
    rows = _begun(_journal_rows(Transfer.rows.filter(book=book.pk)))
    units = {unit.pk: unit for unit in Unit.rows.all()}
    accounts = [
        JournalAccount(
            one.pk, book.pk, one.type, units[one.unit_id].code, units[one.unit_id].scale, one.lot_id
        )
        for one in Account.rows.filter(book=book).order_by("pk")
    ]
    first = Transfer.rows.filter(book=book.pk).order_by("event_date")
    return ledger_export.journal(
        accounts,
        rows,
        balances,
        title=f"{book.name} ({book.pk})",
        since=first.values_list("event_date", flat=True).first() or clock.today(),
    )


def _begun(rows: Iterator[JournalRow]) -> Iterator[JournalRow]:
    """The same rows, with their cursor opened now: what is committed later is not among them."""
    first = next(rows, None)
    return iter(()) if first is None else chain([first], rows)


def readable(actor: Actor, book_id: str) -> Book:
    """A book that the actor may read as a whole. Raises Refusal(NOT_FOUND)."""
    found: Book | None = Book.rows.filter(read_q(actor), pk=number(book_id)).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def books(actor: Actor) -> tuple[str, ...]:
    """Ids of the books whose journal an actor may read."""
    found = Book.rows.filter(read_q(actor)).order_by("pk").values_list("pk", flat=True)
    return tuple(str(pk) for pk in found)


def _accounts() -> Iterator[BundleAccount]:
    codes = dict(Unit.rows.values_list("pk", "code"))
    columns = ("pk", "book_id", "unit_id", "type", "lot_id", "balance", "held_out", "held_in")
    found = Account.rows.order_by("pk").values_list(*columns)
    for pk, book, unit, kind, lot, *sums in found.iterator(CHUNK):
        yield BundleAccount(pk, book, codes[unit], unit, kind, lot, *sums)


def _transfers() -> Iterator[BundleTransfer]:
    codes = dict(Unit.rows.values_list("pk", "code"))
    columns = ("pk", "era", "batch", "ikey", "body_hash", "recorded_at", *BODY)
    found = Transfer.rows.order_by("pk").values_list(*columns)
    for pk, era, batch, ikey, digest, at, *columns_of_body in found.iterator(CHUNK):
        unit = columns_of_body[2]
        body = _body(columns_of_body, codes[unit])
        yield BundleTransfer(pk, era, batch, ikey, bytes(digest), unit, body, at)


def _body(columns: list[Any], code: str) -> TransferBody:  # Any: columns of BODY, in its order
    kind, book, _unit, debit, credit, amount, on, purpose, ref, group, lot, expires = columns
    return TransferBody(
        kind=kind, book=book, unit=code, debit=debit, credit=credit, amount=amount, event_date=on,
        purpose=purpose, ref=ref, group=group, lot=lot, expires_at=expires,
    )  # fmt: skip


def _journal_rows(rows: Any) -> Iterator[JournalRow]:  # Any: a queryset of transfers
    codes = dict(Unit.rows.values_list("pk", "code"))
    for pk, *columns in rows.order_by("pk").values_list("pk", *BODY).iterator(CHUNK):
        yield JournalRow(pk, _body(columns, codes[columns[2]]))


def _balances(book: Book) -> Iterator[JournalBalance]:
    for period in Period.rows.filter(book=book).order_by("days"):
        last_day = period.days.upper - timedelta(days=1)
        for account, *_numbers, closing in period.rows_json:
            yield JournalBalance(account, last_day, closing)


def _seals() -> Iterator[BundleSeal]:
    columns = ("number", "batch_from", "batch_to", "row_count", "digest", "sealed_at")
    found = Seal.rows.filter(chain=CHAIN).order_by("number").values_list(*columns)
    for seq, begin, end, rows, digest, at in found.iterator(CHUNK):
        yield BundleSeal(seq, begin, end, rows, bytes(digest), at)

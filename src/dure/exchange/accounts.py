"""Which accounts of the ledger a case uses: those of its parties, in one book where possible.

A case has one transfer group, its own id: what was held, moved and reversed for it is found by
that, and stands nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from dure.core.errors import Refusal
from dure.core.text import T
from dure.exchange import rows
from dure.exchange.declaration import Price, Process
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement
from dure.ledger.errors import LedgerCode
from dure.ledger.models import Account, Transfer

SETTLE, REVERSAL = 2, 5


def pair(agreement: Agreement, process: Process, price: Price) -> tuple[Account, Account]:
    """The accounts that pay and are paid for a price: in the book of the host, else in one that
    both have, else the first of each.

    Raises  NO_ACCOUNT for a role whose party has none in this unit
    """
    payers = _of_role(agreement, process, price, price.payer)
    payees = _of_role(agreement, process, price, price.payee)
    books = [one.book_id for one in payers if one.book_id in {p.book_id for p in payees}]
    book = books[0] if books else None
    return _in(payers, book), _in(payees, book)


def _of_role(agreement: Agreement, process: Process, price: Price, role: str) -> list[Account]:
    """Open accounts of who holds a role, those in the host's book first."""
    parties = [one for one in rows.here().parties(agreement) if one.role == role]
    people = [p.person for p in parties if p.person is not None]
    ours = [p.organisation_id for p in parties if p.organisation_id is not None]
    if not people and not ours and agreement.organisation_id is not None:
        ours = [agreement.organisation_id]  # a role held by those who work for the host
    found = sorted(
        rows.here().accounts(people, ours, price.unit),
        key=lambda a: (a.book.organisation_id != agreement.organisation_id, a.pk),
    )
    if not found:
        words = process.role(role).text
        raise Refusal(ExchangeCode.NO_ACCOUNT, role=words, unit=UNITS.get(price.unit, price.unit))
    return found


UNITS = {
    "TIME": T("시간", "hours"),
    "KRW": T("원", "won"),
    "LOCAL": T("지역화폐", "local currency"),
    "VCH": T("상품권", "vouchers"),
}


def _in(accounts: list[Account], book: int | None) -> Account:
    for one in accounts:
        if book is None or one.book_id == book:
            return one
    return accounts[0]


def open_holds(agreement_id: UUID) -> list[Transfer]:
    """What counts against the payers of a case now, oldest first; one that has run out, too, until
    the ledger ends it."""
    return rows.here().open_holds(agreement_id)


def expired(agreement_id: UUID) -> list[Transfer]:
    """What a case held until the ledger ended it, as its time had run out."""
    rows = Transfer.rows.filter(grp=agreement_id)
    ended = rows.filter(kind=Transfer.Kind.EXPIRE).values("ref")
    held = rows.filter(pk__in=ended).select_related("debit")
    return list(held.order_by("pk"))


def standing(agreement_id: UUID) -> list[Transfer]:
    """What was moved for a case and is not reversed, by the case or by the books' keeper."""
    rows = Transfer.rows.filter(grp=agreement_id, kind__in=(0, SETTLE))
    moved = rows.select_related("debit", "ref").order_by("pk")
    back = Transfer.rows.filter(ref__in=moved.values("pk"), kind=REVERSAL)
    gone = set(back.values_list("ref_id", flat=True))
    return [one for one in moved if one.pk not in gone]


def check_open(account_ids: Iterable[int]) -> None:
    """Refuse while one of these accounts takes no rows, before anything is gathered."""
    if not rows.here().are_open(account_ids):
        raise Refusal(LedgerCode.NOT_OPEN)

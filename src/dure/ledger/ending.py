"""How a programme ends: every account to zero by rows, nothing forgotten.

Nouns: open value (남은 값: what members, shops, funds still hold), let go (debts that a closing
programme forgives, taken from what expires at the same moment).
Law: after the last row the issuer stands at 0, so issued = spent + expired + paid back; no row on
the way passes the issuer's floor or rises above 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from dure.core.running import line

from .models import Account, Programme
from .posting import Movement
from .purposes import CLOSE


def holding(programme: Programme) -> QuerySet[Account]:
    """Every account of the programme's unit but the issuer."""
    rows = Account.rows.filter(book=programme.book_id, unit=programme.unit_id)
    return rows.exclude(id=programme.issuer_id)


def open_value(programme: Programme) -> int:
    """What is in the hands of members, shops and funds together, debts not counted."""
    found = holding(programme).filter(balance__gt=0).aggregate(total=Sum("balance"))
    return found["total"] or 0


def members(programme: Programme) -> set[UUID]:
    """The people who have an account in the programme."""
    rows = holding(programme).filter(owner_person__isnull=False)
    return set(rows.values_list("owner_person_id", flat=True))


def settling(programme: Programme, *, group: UUID) -> list[Movement]:
    """The rows that bring every account to zero, in an order that no limit refuses."""
    assert programme.issuer is not None
    accounts = list(holding(programme).exclude(balance=0).order_by("id"))
    plus = [(one.pk, one.balance) for one in accounts if one.balance > 0]
    minus = [(one.pk, -one.balance) for one in accounts if one.balance < 0]
    issuer = programme.issuer
    return [
        Movement(debit, credit, amount, CLOSE, group=group)
        for debit, credit, amount in ordered(
            plus, minus, issuer.pk, balance=issuer.balance, lo=issuer.lo
        )
    ]


def ordered(
    plus: Sequence[tuple[int, int]],
    minus: Sequence[tuple[int, int]],
    issuer: int,
    *,
    balance: int,
    lo: int | None,
) -> list[tuple[int, int, int]]:
    """Rows (debit, credit, amount) that return `plus` to the issuer and lift `minus` to zero.

    plus, minus : (account, amount > 0) in the order of the rows
    balance, lo : of the issuer, lo <= balance <= 0; None = no floor
    Raises AssertionError when the whole does not sum to zero, or no order exists.

    >>> ordered([(1, 50)], [(2, 20)], 9, balance=-30, lo=-40)
    [(1, 9, 30), (9, 2, 20), (1, 9, 20)]
    """
    assert sum(a for _, a in plus) - sum(a for _, a in minus) + balance == 0
    debts, means = list(minus), list(plus)
    rows: list[tuple[int, int, int]] = []
    while means or debts:
        assert balance < 0 or (debts and (lo is None or balance > lo)), "no order exists"
        if means and balance < 0:
            account, amount = means.pop(0)
            part = min(amount, -balance)
            rows.append((account, issuer, part))
            balance += part
            if part < amount:
                means.insert(0, (account, amount - part))
            continue
        account, amount = debts.pop(0)
        part = amount if lo is None else min(amount, balance - lo)
        rows.append((issuer, account, part))
        balance -= part
        if part < amount:
            debts.insert(0, (account, amount - part))
    return rows


def close_accounts(programme: Programme) -> None:
    """Close the accounts of a programme, all of them empty now."""
    unit = Q(unit=programme.unit_id) & ~Q(status=Account.Status.CLOSED)
    rows = Account.rows.filter(unit, book=programme.book_id)
    rows.update(status=Account.Status.CLOSED, audit=line().id)

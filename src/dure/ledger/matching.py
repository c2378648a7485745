"""Statement lines and ledger rows as the outside account sees them, and what is still open.

Nouns: open line (남은 명세 줄), open row (남은 장부 줄), group (묶음: lines and rows of one sum).
Law: only what a person confirmed is matched; the sums of both sides of a group are equal. The text
of a line is not kept: it may name people, and the file itself stays with who brought it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from dure.core import rulebook
from dure.core.errors import Refusal
from dure.core.text import T
from dure.engines.bank_files import StatementFile
from dure.engines.reconciling import Item, Proposals, propose

from .models import Account, Match, StatementLine, Transfer
from .programme_errors import ProgrammeCode

SETTLED = (Match.State.CONFIRMED, Match.State.WAIVED)
MOVED = (0, 2, 5, 6)
# Accounts whose value grows with what is debited: the bank's, and meters'.
DEBIT_SIDE = (
    Account.Type.ASSET,
    Account.Type.EXPENSE,
    Account.Type.METER,
    Account.Type.ISSUER,
)


def seen_outside(account: Account, row: Transfer) -> int:
    """The amount of a row as the outside account sees it: above 0 = came in."""
    came_in = row.debit_id == account.pk
    if account.type not in DEBIT_SIDE:
        came_in = not came_in
    return row.amount if came_in else -row.amount


def balance_outside(account: Account) -> int:
    """The ledger's balance as the outside account would show it."""
    return -account.balance if account.type in DEBIT_SIDE else account.balance


def open_lines(account_id: int) -> QuerySet[StatementLine]:
    """Lines that nobody matched or waived, the earliest first."""
    settled = Match.rows.filter(line=OuterRef("pk"), state__in=SETTLED)
    rows = StatementLine.rows.filter(~Exists(settled), account=account_id)
    found: QuerySet[StatementLine] = rows.order_by("on_date", "id")
    return found


def open_rows(account_id: int, since: date | None = None) -> QuerySet[Transfer]:
    """Ledger rows of an account that no line explains yet, the earliest first."""
    matched = Match.rows.filter(transfer=OuterRef("pk"), state=Match.State.CONFIRMED)
    rows = Transfer.rows.filter(
        Q(debit=account_id) | Q(credit=account_id), ~Exists(matched), kind__in=MOVED
    )
    if since is not None:
        rows = rows.filter(event_date__gte=since)
    found: QuerySet[Transfer] = rows.order_by("event_date", "id")
    return found


def proposals(account: Account) -> Proposals:
    """What the open lines and rows of an account might have to do with each other."""
    lines = [Item(one.pk, one.on_date, one.amount, _plain(one)) for one in open_lines(account.pk)]
    rows = [
        Item(one.pk, one.event_date, seen_outside(account, one), str(one.pk))
        for one in open_rows(account.pk)
    ]
    return propose(
        lines,
        rows,
        days=rulebook.value("ledger.match.days").integer,
        parts_max=rulebook.value("ledger.match.lines_most").integer,
    )


def _plain(line: StatementLine) -> str:
    """The bank's own reference; one that we made of the line's cells is none."""
    return "" if line.external_ref.startswith("line:") else line.external_ref


def check_group(account: Account, lines: Sequence[StatementLine], rows: Sequence[Transfer]) -> None:
    """Refuse a group whose sums differ, or that has several lines and several rows."""
    whole = sum(one.amount for one in lines)
    moved = sum(seen_outside(account, one) for one in rows)
    if not lines or not rows or whole != moved or min(len(lines), len(rows)) != 1:
        raise Refusal(ProgrammeCode.NOT_MATCHING)


def faults_in_words(read: StatementFile) -> T:
    """The first faults of a file, by line."""
    shown = read.faults[:10]
    return T(
        ", ".join(f"{one.line}번째 줄 {COLUMNS[one.column].ko}" for one in shown),
        ", ".join(f"line {one.line} {COLUMNS[one.column].en}" for one in shown),
    )


COLUMNS = {
    "on": T("날짜", "date"),
    "amount": T("금액", "amount"),
    "paid_in": T("입금", "paid in"),
    "paid_out": T("출금", "paid out"),
    "balance": T("잔액", "balance"),
    "reference": T("거래번호", "reference"),
    "text": T("적요", "text"),
}


def together(line_id: int) -> list[Match]:
    """Every standing match of the group a line is in."""
    lines, found = {line_id}, {}
    while True:
        rows = list(Match.rows.filter(line__in=lines, state__in=SETTLED))
        transfers = {one.transfer_id for one in rows if one.transfer_id is not None}
        rows += list(Match.rows.filter(transfer__in=transfers, state=Match.State.CONFIRMED))
        found = {one.pk: one for one in rows}
        reached: set[int] = {one.line_id for one in found.values()}
        if reached <= lines:
            return sorted(found.values(), key=lambda one: one.pk)
        lines |= reached


def numbers(values: Iterable[str]) -> list[int]:
    """Ids as the body gives them, each once."""
    return sorted({int(one) for one in values})

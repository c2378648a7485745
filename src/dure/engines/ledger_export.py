"""The journal in beancount syntax: a public double-entry tool opens it and balances it.

Nouns
    class   : what beancount calls an account by its type: Assets, Liabilities, Equity, Income,
              Expenses
    journal : opening lines, one transaction a row that moves value, comments for the others,
              balance lines of closed periods
Law
    Every transaction sums to zero in its unit; no text of a payer can end a string, begin a
    directive or a second line. Accounts are numbers, never names.
Source
    Beancount language syntax (version 3); ledger design, *plain-text export*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dure.engines.ledger_rows import KINDS, TransferBody

CLASSES: Final = {
    "asset": "Assets",
    "clearing": "Assets",
    "liability": "Liabilities",
    "equity": "Equity",
    "issuer": "Equity",
    "meter": "Equity",
    "sink": "Equity",
    "income": "Income",
    "expense": "Expenses",
}
MOVING: Final = frozenset({0, 2, 5, 6})
CHUNK_CHARACTERS: Final = 1 << 16
_CODE: Final = re.compile(r"[A-Z][A-Z0-9]{1,23}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NAMED: Final = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


@dataclass(frozen=True, slots=True)
class JournalAccount:
    """An account as the journal opens it; `scale` is the number of decimals of its unit."""

    id: int
    book: int
    type: str
    unit: str
    scale: int = 0
    lot: int | None = None


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A transfer of the journal: its id and what it says."""

    id: int
    body: TransferBody


@dataclass(frozen=True, slots=True)
class JournalBalance:
    """The closing balance of an account in a closed period: credits - debits, minor units."""

    account: int
    last_day: date
    balance: int


def account_name(account: JournalAccount) -> str:
    """Name an account for beancount: its class, its book, its number.

    Raises KeyError for a type without a class.

    >>> account_name(JournalAccount(11, 1, "asset", "KRW"))
    'Assets:B1:A11'
    """
    return f"{CLASSES[account.type]}:B{account.book}:A{account.id}"


def quoted(text: str) -> str:
    r"""Write a text as a beancount string: quotes and backslashes escaped, one line.

    Line feed, tab and return become their escapes; other control characters, line separators and
    lone surrogates stand as `\uXXXX` in letters.

    >>> quoted('두레 "밥"\n2026-01-01 open X')
    '"두레 \\"밥\\"\\n2026-01-01 open X"'
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + _CONTROL.sub(_control, escaped) + '"'


def _control(found: re.Match[str]) -> str:
    sign = found.group()
    return _NAMED.get(sign) or f"\\\\u{ord(sign):04x}"


def number(amount: int, scale: int) -> str:
    """Write minor units as a decimal number with `scale` digits, 0 … 9.

    >>> number(-1234, 0), number(-5, 2), number(1234, 2)
    ('-1234', '-0.05', '12.34')
    """
    assert 0 <= scale <= 9, scale
    if scale == 0:
        return str(amount)
    digits = str(abs(amount)).rjust(scale + 1, "0")
    return f"{'-' if amount < 0 else ''}{digits[:-scale]}.{digits[-scale:]}"


def journal(
    accounts: Iterable[JournalAccount],
    rows: Iterable[JournalRow],
    balances: Iterable[JournalBalance] = (),
    *,
    title: str,
    since: date,
) -> Iterator[str]:
    """Write a whole journal in pieces, in bounded memory but for the accounts.

    accounts : every account that a row or balance names, each once
    rows     : all transfers of the books, in any order; kinds 1, 3 and 4 become comments
    balances : closing balances of closed periods, in any order; asserted at the start of the day
               after the period
    title    : name of the books, for the reader
    since    : a day not after the first event_date; all accounts open on it
    Returns  pieces of text of about 64 KiB; their concatenation is the file, LF after every line.
    Raises   KeyError for an account that is not in `accounts` or a type without a class;
             AssertionError for a row before `since`, a unit code of another shape, or a row of two
             units.
    Source   posting +amount at `debit`, -amount at `credit`: beancount counts what Dure calls
             debits as positive.

    >>> accounts = [JournalAccount(1, 1, "asset", "TIME")]
    >>> made = journal(accounts, [], title="두레", since=date(2026, 1, 1))
    >>> "".join(made).splitlines()[-1]
    '2026-01-01 open Assets:B1:A1 TIME'
    """
    held: list[str] = []
    size = 0
    for entry in _entries(accounts, rows, balances, title, since):
        held.append(entry)
        size += len(entry)
        if size >= CHUNK_CHARACTERS:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


def _entries(
    accounts: Iterable[JournalAccount],
    rows: Iterable[JournalRow],
    balances: Iterable[JournalBalance],
    title: str,
    since: date,
) -> Iterator[str]:
    opened: dict[int, JournalAccount] = {}
    yield f'option "title" {quoted(title)}\n\n'
    for account in accounts:
        assert account.id not in opened, account.id
        assert _CODE.fullmatch(account.unit), account.unit
        opened[account.id] = account
        yield f"{since} open {account_name(account)} {account.unit}\n"
        if account.lot is not None:
            yield f"  lot: {account.lot}\n"
    for row in rows:
        assert row.body.event_date >= since, row.id
        yield _entry(row, opened)
    for line in balances:
        account = opened[line.account]
        amount = number(-line.balance, account.scale)
        day = line.last_day + timedelta(1)
        yield f"{day} balance {account_name(account)} {amount} {account.unit}\n"


def _entry(row: JournalRow, opened: dict[int, JournalAccount]) -> str:
    body = row.body
    debit, credit = opened[body.debit], opened[body.credit]
    assert debit.unit == credit.unit == body.unit and debit.book == credit.book == body.book, row.id
    kind = KINDS[body.kind]
    amount = number(body.amount, debit.scale)
    if body.kind not in MOVING:
        ref = "" if body.ref is None else f" of {body.ref}"
        return (
            f"\n; {body.event_date} {kind} {row.id}{ref}: {amount} {body.unit} from"
            f" {account_name(debit)} to {account_name(credit)} {quoted(body.purpose)}\n"
        )
    lines = [
        f"\n{body.event_date} * {quoted(body.purpose)}",
        f"  id: {row.id}",
        f"  kind: {quoted(kind)}",
    ]
    lines += [f"  ref: {body.ref}"] * (body.ref is not None)
    lines += [f"  group: {quoted(str(body.group))}"] * (body.group is not None)
    lines += [f"  lot: {body.lot}"] * (body.lot is not None)
    lines += [
        f"  {account_name(debit)}  {amount} {body.unit}",
        f"  {account_name(credit)}  {number(-body.amount, credit.scale)} {body.unit}",
    ]
    return "\n".join(lines) + "\n"

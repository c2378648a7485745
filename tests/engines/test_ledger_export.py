"""The journal as beancount reads it: balanced, lossless where it says so, closed to injection."""

from __future__ import annotations

import dataclasses
import random
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from beancount import loader
from beancount.core.data import Balance, Open, Transaction
from hypothesis import given
from hypothesis import strategies as st

from dure.engines.ledger_export import (
    CLASSES,
    JournalAccount,
    JournalBalance,
    JournalRow,
    account_name,
    journal,
    number,
    quoted,
)
from dure.engines.ledger_rows import TransferBody
from tests.engines.books_made import PURPOSES, made_books

SINCE = date(2026, 1, 1)
HOSTILE = (
    'x"\n2026-01-01 open Assets:Evil\n"', "\\", '\\"', "\x00", "\ud800", '"', "\u2028\u2029",
    'x" "y', "2026-01-01 * \"z\"", "; c", "\\n", "{{{", 'include "/etc/passwd"',
    '\noption "title" "evil"\n', '\nplugin "os"\n', "\u202e바로", "가" * 120, "\x85\x0b\x0c",
)  # fmt: skip


def parts_of(seed: int) -> tuple[list[JournalAccount], list[JournalRow], list[JournalBalance]]:
    """A journal with lots and a closed month, from made-up books."""
    books = made_books(seed, 200)
    chance = random.Random(seed)
    kinds = sorted(CLASSES)
    accounts = [
        JournalAccount(
            one.id, one.book, chance.choice(kinds), one.unit, 0, 7 if one.unit == "VCH" else None
        )
        for one in books.accounts
    ]
    rows = [JournalRow(row.id, row.body) for row in books.transfers]
    for place, purpose in enumerate(HOSTILE):
        body = dataclasses.replace(rows[place].body, purpose=purpose)
        rows[place] = dataclasses.replace(rows[place], body=body)
    end = date(2026, 6, 30)
    balances = [JournalBalance(one.id, end, balance_of(rows, one.id, end)) for one in accounts]
    return accounts, rows, balances


def balance_of(rows: list[JournalRow], account: int, day: date) -> int:
    moving = [row.body for row in rows if row.body.kind in (0, 2, 5, 6)]
    past = [body for body in moving if body.event_date <= day]
    return sum(body.amount * ((body.credit == account) - (body.debit == account)) for body in past)


def written(seed: int) -> str:
    accounts, rows, balances = parts_of(seed)
    return "".join(journal(accounts, rows, balances, title='두레 "장부"', since=SINCE))


def check(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the public tool as anyone would."""
    file = folder / "books.beancount"
    file.write_text(text, encoding="utf-8")
    tool = Path(sys.executable).with_name("bean-check")
    return subprocess.run([tool, "--no-cache", file], capture_output=True, text=True, check=False)


def test_bean_check_finds_no_error(tmp_path: Path) -> None:
    done = check(written(1), tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_bean_check_finds_a_balance_that_is_one_off(tmp_path: Path) -> None:
    accounts, rows, balances = parts_of(1)
    balances[5] = dataclasses.replace(balances[5], balance=balances[5].balance + 1)
    text = "".join(journal(accounts, rows, balances, title="x", since=SINCE))
    done = check(text, tmp_path)
    assert done.returncode == 1
    assert "Balance failed" in done.stderr


def test_bean_check_finds_an_edited_amount(tmp_path: Path) -> None:
    text = written(1)
    start = text.index("  id: ")
    line = next(one for one in text[start:].splitlines() if one.startswith("  ") and ":A" in one)
    head, amount, unit = line.rsplit(" ", 2)
    done = check(text.replace(line, f"{head} {int(amount) + 1} {unit}", 1), tmp_path)
    assert done.returncode == 1
    assert "does not balance" in done.stderr


@pytest.mark.parametrize("seed", range(3))
def test_tool_reads_every_row_and_balance_back(seed: int) -> None:
    accounts, rows, balances = parts_of(seed)
    entries, errors, options = loader.load_string(written(seed))
    assert errors == []
    assert options["title"] == '두레 "장부"'
    names = {account.id: account_name(account) for account in accounts}
    opened = {entry.account for entry in entries if isinstance(entry, Open)}
    assert opened == set(names.values())
    found = {int(entry.meta["id"]): entry for entry in entries if isinstance(entry, Transaction)}
    moving = [row for row in rows if row.body.kind in (0, 2, 5, 6)]
    assert set(found) == {row.id for row in moving}
    for row in moving:
        entry, body = found[row.id], row.body
        assert entry.date == body.event_date
        assert entry.payee is None
        assert [(p.account, p.units.number, p.units.currency) for p in entry.postings] == [
            (names[body.debit], Decimal(body.amount), body.unit),
            (names[body.credit], Decimal(-body.amount), body.unit),
        ]
        assert entry.meta.get("ref") == (None if body.ref is None else Decimal(body.ref))
        assert entry.meta.get("group") == (None if body.group is None else str(body.group))
    lines = [entry for entry in entries if isinstance(entry, Balance)]
    assert len(lines) == len(balances)
    assert all(entry.date == date(2026, 7, 1) for entry in lines)


@given(st.one_of(st.text(max_size=60), st.sampled_from(HOSTILE + PURPOSES)))
def test_any_purpose_stays_one_string(purpose: str) -> None:
    accounts = [JournalAccount(n, 1, "liability", "TIME") for n in (1, 2)]
    body = TransferBody(
        kind=0, book=1, unit="TIME", debit=1, credit=2, amount=60, event_date=SINCE,
        purpose=purpose,
    )  # fmt: skip
    rows = [JournalRow(1, body), JournalRow(2, dataclasses.replace(body, kind=1))]
    text = "".join(journal(accounts, rows, title=purpose, since=SINCE))
    text.encode()
    entries, errors, _options = loader.load_string(text)
    assert errors == []
    assert [type(entry).__name__ for entry in entries] == ["Open", "Open", "Transaction"]
    plain = all(sign.isprintable() or sign in "\n\t\r" for sign in purpose)
    if plain:
        assert entries[2].narration == purpose


def test_planted_writer_without_escapes_is_caught() -> None:
    text = written(2).replace('\\"', '"')
    assert loader.load_string(text)[1] != []


def test_holds_are_comments_and_their_settlement_is_booked() -> None:
    accounts = [JournalAccount(n, 1, "liability", "TIME") for n in (1, 2)]
    hold = TransferBody(
        kind=1, book=1, unit="TIME", debit=1, credit=2, amount=400, event_date=SINCE, purpose="돌봄"
    )
    rows = [
        JournalRow(1, hold),
        JournalRow(2, dataclasses.replace(hold, kind=2, ref=1, amount=250)),
    ]
    text = "".join(journal(accounts, rows, title="t", since=SINCE))
    assert (
        '; 2026-01-01 hold 1: 400 TIME from Liabilities:B1:A1 to Liabilities:B1:A2 "돌봄"\n' in text
    )
    assert "  Liabilities:B1:A1  250 TIME\n  Liabilities:B1:A2  -250 TIME\n" in text


def test_numbers_are_written_without_floats() -> None:
    assert number(10**12, 0) == "1000000000000"
    assert [number(n, 3) for n in (0, 1, -1, 999, -1000)] == [
        "0.000", "0.001", "-0.001", "0.999", "-1.000",
    ]  # fmt: skip
    assert quoted("a\x07\\") == '"a\\\\u0007\\\\"'


def test_rows_that_cannot_balance_are_refused() -> None:
    accounts = [JournalAccount(1, 1, "asset", "TIME"), JournalAccount(2, 1, "asset", "KRW")]
    body = TransferBody(
        kind=0, book=1, unit="TIME", debit=1, credit=2, amount=1, event_date=SINCE, purpose=""
    )
    for bad in (accounts, [accounts[0], dataclasses.replace(accounts[1], unit="TIME", book=2)]):
        with pytest.raises(AssertionError):
            list(journal(bad, [JournalRow(1, body)], title="t", since=SINCE))
    good = [accounts[0], dataclasses.replace(accounts[1], unit="TIME")]
    with pytest.raises(AssertionError):
        list(journal(good, [JournalRow(1, body)], title="t", since=SINCE + timedelta(1)))
    with pytest.raises(KeyError):
        list(journal(good[:1], [JournalRow(1, body)], title="t", since=SINCE))


def test_pieces_are_bounded() -> None:
    accounts, rows, _balances = parts_of(1)
    many = [dataclasses.replace(row, id=row.id + 1_000 * n) for n in range(20) for row in rows]
    pieces = list(journal(accounts, many, title="t", since=SINCE))
    assert len(pieces) > 5
    assert max(map(len, pieces)) < 70_000

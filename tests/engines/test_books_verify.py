"""The books' verifiers: 1,000 edits found and located, by the engine and by the script alone."""

from __future__ import annotations

import dataclasses
import gzip
import importlib.util
import io
import itertools
import random
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from uuid import UUID

import pytest

from dure.engines import books_verify, ledger_rows
from dure.engines.books_bundle import (
    BundleTransfer,
    Unreadable,
    accounts_csv,
    guarded,
    read_accounts,
    read_seals,
    read_transfers,
    seals_csv,
    transfers_csv,
    unguarded,
)
from dure.engines.books_verify import Head, Report, verify
from dure.interfaces.cli import verify as verify_command
from dure.interfaces.cli.main import main as dure
from tests.engines.books_made import PURPOSES, Books, made_books, rehashed

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "verify_books.py"
assert verify_command is not None


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_books", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ALONE = script()


def lines(pieces: Iterator[bytes]) -> list[str]:
    """Lines as a file opened with newline="" gives them."""
    return list(io.StringIO(b"".join(pieces).decode(), newline=""))


def report_of(books: Books, heads: Sequence[Head] = ()) -> Report:
    tables = accounts_csv(books.accounts), transfers_csv(books.transfers), seals_csv(books.seals)
    return verify(*map(lines, tables), heads)


class Tables:
    """A bundle in memory for the script."""

    def __init__(self, books: Books) -> None:
        self.tables = {
            "accounts.csv": b"".join(accounts_csv(books.accounts)),
            "transfers.csv": b"".join(transfers_csv(books.transfers)),
            "seals.csv": b"".join(seals_csv(books.seals)),
        }

    rows = ALONE.Bundle.rows

    def open(self, name: str) -> object:
        return io.BytesIO(self.tables[name])


def script_faults(books: Books, heads: Sequence[tuple[int | None, str]] = ()) -> list[str]:
    run = ALONE.Verifier(Tables(books))
    run.read_seals()
    run.read_accounts()
    run.read_transfers()
    run.close()
    run.compare(heads)
    return list(run.faults)


def seal_of(books: Books, row: BundleTransfer) -> int | None:
    found = [seal.seq for seal in books.seals if seal.from_batch <= row.batch < seal.to_batch]
    return found[0] if found else None


def places(report: Report) -> set[tuple[str, str]]:
    return {(fault.kind, fault.place) for fault in report.faults}


def test_untouched_books_are_whole_in_both_verifiers() -> None:
    books = made_books(1)
    newest = books.seals[-1]
    report = report_of(books, [Head(newest.digest.hex()), Head(books.seals[3].digest.hex(), 4)])
    assert report.is_whole
    assert (report.transfers, report.seals, report.heads_equal) == (120, 11, 2)
    assert report.unsealed == sum(row.batch >= newest.to_batch for row in books.transfers) > 0
    assert report.head == newest.digest.hex()
    assert script_faults(books, [(None, newest.digest.hex())]) == []


def test_empty_books_are_whole() -> None:
    report = report_of(Books([], []))
    assert report.is_whole
    assert report.head == ledger_rows.first_digest().hex()


EDITS = (
    "amount", "debit", "credit", "kind", "book", "event_date", "purpose", "ref", "group", "lot",
    "unit", "expires_at", "era", "ikey", "body_hash", "unit_id", "batch", "delete", "insert",
    "rewrite",
)  # fmt: skip


def edited(row: BundleTransfer, what: str, chance: random.Random) -> BundleTransfer:
    """One cell changed, the others and the hash left as they are."""
    body = row.body
    changes: dict[str, object] = {
        "amount": body.amount + chance.choice((1, -1)) if body.amount > 1 else 2,
        "debit": body.credit, "credit": body.debit, "kind": (body.kind + 1) % 7,
        "book": 3 - body.book, "event_date": body.event_date + timedelta(1),
        "purpose": body.purpose + ".", "ref": (body.ref or 0) + 1,
        "group": UUID(int=chance.getrandbits(128)), "lot": (body.lot or 0) + 1,
        "unit": "TIME" if body.unit == "KRW" else "KRW",
        "expires_at": row.recorded_at,
    }  # fmt: skip
    if what in changes:
        return dataclasses.replace(row, body=dataclasses.replace(body, **{what: changes[what]}))  # type: ignore[arg-type]  # one column by name
    columns: dict[str, object] = {
        "era": row.era + 1, "ikey": UUID(int=chance.getrandbits(128)),
        "body_hash": chance.randbytes(32), "unit_id": row.unit_id + 1, "batch": row.batch + 10,
    }  # fmt: skip
    return dataclasses.replace(row, **{what: columns[what]})  # type: ignore[arg-type]  # as above


def tampered(books: Books, what: str, place: int, chance: random.Random) -> Books:
    rows = list(books.transfers)
    row = rows[place]
    if what == "delete":
        del rows[place]
    elif what == "insert":
        gaps = [a.id + 1 for a, b in itertools.pairwise(rows) if b.id > a.id + 1]
        rows.append(dataclasses.replace(row, id=chance.choice(gaps), ikey=UUID(int=place)))
        rows.sort(key=lambda one: one.id)
    elif what == "rewrite":
        rows[place] = rehashed(edited(row, "amount", chance))
    else:
        rows[place] = edited(row, what, chance)
    return Books(books.accounts, rows, books.seals)


def test_a_thousand_edits_are_found_and_located_by_both() -> None:
    chance = random.Random(20260601)
    all_books = [made_books(seed, 50, 8) for seed in range(10)]
    for number in range(1_000):
        books = all_books[number % 10]
        what = EDITS[number % len(EDITS)]
        sealed = [at for at, row in enumerate(books.transfers) if seal_of(books, row)]
        row = books.transfers[place := chance.choice(sealed)]
        after = tampered(books, what, place, chance)
        report = report_of(after, [Head(books.seals[-1].digest.hex())])
        found, seal = places(report), str(seal_of(books, row))
        alone = script_faults(after, [(None, books.seals[-1].digest.hex())])
        if what not in ("purpose", "group", "lot", "unit", "expires_at"):
            assert ("seal", seal) in found, (number, what)
            assert any(fault.startswith(f"seal {seal}:") for fault in alone), (number, what)
        if what not in ("era", "ikey", "batch", "delete", "insert", "rewrite", "unit_id"):
            assert ("transfer", str(row.id)) in found, (number, what)
            assert any(fault.startswith(f"transfer {row.id}:") for fault in alone), (number, what)
        if what == "delete":
            detail = next(f.detail for f in report.faults if (f.kind, f.place) == ("seal", seal))
            assert "1 of its" in detail
            before = books.transfers[place - 1].id if place else 0
            after_id = books.transfers[place + 1].id
            wanted = str(row.id) if after_id - before == 2 else f"{before + 1} to {after_id - 1}"
            assert wanted in detail, (number, detail)


def test_planted_verifier_that_ignores_the_body_hash_misses_the_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    books = made_books(3)
    place = next(at for at, row in enumerate(books.transfers) if row.body.purpose == "")
    after = tampered(books, "purpose", place, random.Random(1))
    assert places(report_of(after)) >= {("transfer", str(books.transfers[place].id))}
    monkeypatch.setattr(
        books_verify.ledger_rows, "body_hash",
        lambda body: next(row.body_hash for row in after.transfers if row.body == body),
    )  # fmt: skip
    assert report_of(after).is_whole
    monkeypatch.setattr(ALONE, "body_hash", lambda row: bytes.fromhex(row["body_hash"]))
    assert script_faults(after) == []


def rewritten(books: Books, seq: int) -> Books:
    """An administrator's work: a batch changed, every hash and every later seal made anew."""
    seal = books.seals[seq - 1]
    rows = [
        rehashed(dataclasses.replace(
            row, body=dataclasses.replace(row.body, event_date=date(2026, 5, 1))
        ))
        if seal.from_batch <= row.batch < seal.to_batch else row
        for row in books.transfers
    ]  # fmt: skip
    after = Books(books.accounts, rows)
    after.seal([one.to_batch for one in books.seals])
    return after


def test_chain_made_anew_shows_only_at_the_published_head() -> None:
    books = made_books(4)
    after = rewritten(books, 6)
    assert report_of(after).is_whole
    assert script_faults(after) == []
    heads = [Head(seal.digest.hex(), seal.seq) for seal in books.seals]
    one = report_of(after, [heads[-1]])
    assert places(one) == {("head", "11")}
    assert one.faults[0].detail.startswith("seals 1 to 11 ")
    daily = report_of(after, heads[::2])
    assert ("head", "7") in places(daily)
    first = next(fault for fault in daily.faults if fault.place == "7")
    assert first.detail.startswith("seals 6 to 7 ")
    alone = script_faults(after, [(head.seq, head.digest) for head in heads[::2]])
    assert any("seals 6 to 7 " in fault for fault in alone)


def test_batch_rewritten_with_its_own_seal_shows_at_the_next_seal() -> None:
    books = made_books(5)
    after = rewritten(books, 6)
    after.seals[6:] = books.seals[6:]
    assert ("seal", "7") in places(report_of(after))
    assert any(fault.startswith("seal 7:") for fault in script_faults(after))


def test_balance_that_rows_do_not_give_is_named() -> None:
    books = made_books(6)
    accounts = list(books.accounts)
    accounts[2] = dataclasses.replace(accounts[2], balance=accounts[2].balance + 1)
    after = Books(accounts, books.transfers, books.seals)
    account = accounts[2]
    assert places(report_of(after)) == {
        ("account", str(account.id)), ("book", f"{account.book} {account.unit}"),
    }  # fmt: skip
    assert len(script_faults(after)) == 2


def test_bundle_reads_back_equal() -> None:
    books = made_books(7)
    assert list(read_accounts(lines(accounts_csv(books.accounts)))) == books.accounts
    assert list(read_seals(lines(seals_csv(books.seals)))) == books.seals
    assert list(read_transfers(lines(transfers_csv(books.transfers)))) == books.transfers
    assert all(unguarded(guarded(purpose)) == purpose for purpose in PURPOSES)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("amount", "６０"), ("amount", "1_0"), ("amount", "060"), ("amount", " 60"), ("amount", ""),
        ("event_date", "2026-6-1"), ("event_date", "2026-02-30"), ("body_hash", "AB"),
        ("ikey", "x"), ("ref", "1.0"), ("expires_at", "2026-06-01"), ("amount", "9" * 19),
        ("id", "9" * 30),
    ],
)  # fmt: skip
def test_cell_of_another_form_is_refused_with_its_place(column: str, text: str) -> None:
    books = made_books(8)
    head, *rest = lines(transfers_csv(books.transfers[:3]))
    cells = rest[0].split(",")
    cells[head.strip().split(",").index(column)] = text
    tables = lines(accounts_csv(books.accounts)), [head, ",".join(cells), *rest[1:]]
    report = verify(*tables, lines(seals_csv(books.seals)))
    assert any(f.kind == "file" and "transfer" in f.place for f in report.faults), report
    with pytest.raises(Unreadable):
        list(read_accounts(["id,book\r\n"]))


def write(books: Books, folder: Path, *, packed: bool) -> None:
    folder.mkdir()
    (folder / "format.txt").write_text("dure-books 1\n")
    (folder / "accounts.csv").write_bytes(b"".join(accounts_csv(books.accounts)))
    (folder / "seals.csv").write_bytes(b"".join(seals_csv(books.seals)))
    rows = b"".join(transfers_csv(books.transfers))
    name = "transfers.csv.gz" if packed else "transfers.csv"
    (folder / name).write_bytes(gzip.compress(rows) if packed else rows)


@pytest.mark.parametrize("form", ["folder", "packed", "zip"])
def test_command_and_script_tell_whole_from_tampered(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    books = made_books(9)
    head = books.seals[-1].digest.hex()
    row = books.transfers[10]
    bad = tampered(books, "amount", 10, random.Random(2))
    for name, one, code in (("good", books, 0), ("bad", bad, 1)):
        path = tmp_path / name
        write(one, path, packed=form != "folder")
        if form == "zip":
            with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
                for file in sorted(path.iterdir()):
                    archive.write(file, file.name)
            path = tmp_path / f"{name}.zip"
        assert dure(["verify", "books", "--head", head, str(path)]) == code
        told = capsys.readouterr()
        done = subprocess.run(
            [sys.executable, "-I", str(SCRIPT), str(path), "--head", f"11:{head}"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout
        for text in (told.out, done.stdout):
            assert "120 transfers, 11 seals" in text
            assert head in text
        assert (f"transfer {row.id}:" in told.err) == (code == 1)
        assert (f"transfer {row.id}:" in done.stdout) == (code == 1)


def test_command_refuses_other_files_and_heads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip")
    assert dure(["verify", "books", str(tmp_path / "x.zip")]) == 1
    assert dure(["verify", "books", str(tmp_path)]) == 1
    assert dure(["verify", "books", str(tmp_path), "--head", "xyz"]) == 1
    assert "NUMBER:HEAD" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["packed", "zip"])
def test_broken_bytes_are_refused_and_never_crash(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "books"
    write(made_books(2), folder, packed=True)
    file = folder / "transfers.csv.gz"
    if form == "zip":
        file = tmp_path / "books.zip"
        with zipfile.ZipFile(file, "w") as archive:
            for one in sorted(folder.iterdir()):
                archive.write(one, one.name)
    path, whole = str(file if form == "zip" else folder), file.read_bytes()
    start, end = (whole.index(b"\x1f\x8b") if form == "zip" else 0) + 20, len(whole) * 9 // 10
    chance = random.Random(5)
    for _ in range(40):
        at = chance.randrange(start, end)
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        assert dure(["verify", "books", path]) == 1
        assert ALONE.main([path]) == 1
    file.write_bytes(whole[: len(whole) // 2])
    assert dure(["verify", "books", path]) == 1
    assert ALONE.main([path]) == 1
    file.write_bytes(whole)
    assert dure(["verify", "books", path]) == 0
    assert ALONE.main([path]) == 0
    capsys.readouterr()


def test_script_imports_the_standard_library_alone() -> None:
    source = SCRIPT.read_text()
    assert source.count("\n") < 300
    names = {
        line.split()[1].split(".")[0]
        for line in source.splitlines()
        if line.startswith(("import ", "from "))
    }
    assert names <= sys.stdlib_module_names

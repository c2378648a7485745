#!/usr/bin/env python3
"""Verify a bundle of the ledger with nothing but Python: written from docs/ledger-export.md alone.

    python3 verify_books.py PATH [--head [NUMBER:]HEAD]… [--heads heads.txt]

PATH is a folder or a zip. Exit 0: everything that could be checked held. 1: something did not,
and each line names its place. 2: wrong use.
"""

import argparse
import contextlib
import csv
import datetime as dt
import gzip
import hashlib
import io
import json
import re
import struct
import sys
import unicodedata
import zipfile
import zlib
from bisect import bisect_right
from pathlib import Path

ACCOUNTS = "id,book,unit,unit_id,type,lot,balance,held_out,held_in"
TRANSFERS = (
    "id,era,batch,ikey,body_hash,kind,book,unit,unit_id,debit,credit,amount,ref,group,lot,"
    "event_date,expires_at,purpose,recorded_at"
)
SEALS = "seq,from_batch,to_batch,n,digest,sealed_at"
ROW = struct.Struct(">qhq16s32shqhqqqqi")
FIRST = hashlib.sha256(b"dure.ledger.seal.v1").digest()
HOLD, SETTLE, MOVES = 1, 2, (0, 2, 5, 6)


class Broken(Exception):
    """A file that is not of the documented form."""


def whole(text):
    if not re.fullmatch(r"0|-?[1-9][0-9]{0,18}", text):
        raise Broken(f"{text[:30]!r} is no whole number")
    return int(text)


def maybe(text):
    return whole(text) if text else None


def binary(text, size):
    if not re.fullmatch(r"[0-9a-f]*", text) or len(text) != 2 * size:
        raise Broken(f"{text[:40]!r} is no hash or key")
    return bytes.fromhex(text)


class Bundle:
    """A folder or a zip with the tables, packed or not."""

    def __init__(self, path):
        self.path = Path(path)
        self.zip = None if self.path.is_dir() else zipfile.ZipFile(self.path)
        with self.open("format.txt") as stream:
            if stream.read(100) != b"dure-books 1\n":
                raise Broken("format.txt: another format")

    def open(self, name):
        if self.zip is None:
            return (self.path / name).open("rb")
        return self.zip.open(name)

    def rows(self, name, columns):
        with contextlib.ExitStack() as stack:
            try:
                stream = stack.enter_context(self.open(name))
            except (KeyError, FileNotFoundError):
                packed = stack.enter_context(self.open(name + ".gz"))
                stream = stack.enter_context(gzip.open(packed))
            text = stack.enter_context(io.TextIOWrapper(stream, encoding="utf-8", newline=""))
            reader = csv.reader(text, strict=True)
            names = columns.split(",")
            if next(reader, None) != names:
                raise Broken(f"{name}: other columns")
            for place, cells in enumerate(reader, start=1):
                if len(cells) != len(names):
                    raise Broken(f"{name} row {place}: {len(cells)} cells")
                yield dict(zip(names, cells, strict=True))


def body_hash(row):
    purpose = row["purpose"]
    purpose = purpose[1:] if purpose[:1] == "'" else purpose
    group = row["group"] or None
    body = {
        "amount": whole(row["amount"]), "book": whole(row["book"]),
        "credit": whole(row["credit"]), "debit": whole(row["debit"]),
        "event_date": row["event_date"], "expires_at": row["expires_at"] or None,
        "group": whole(group) if group and "-" not in group else group,
        "kind": whole(row["kind"]), "lot": maybe(row["lot"]),
        "purpose": unicodedata.normalize("NFC", purpose), "ref": maybe(row["ref"]),
        "unit": row["unit"],
    }  # fmt: skip
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def row_bytes(row):
    day = dt.date.fromisoformat(row["event_date"]) - dt.date(1970, 1, 1)
    return ROW.pack(
        whole(row["id"]), whole(row["era"]), whole(row["batch"]),
        binary(row["ikey"].replace("-", ""), 16), binary(row["body_hash"], 32), whole(row["kind"]),
        whole(row["book"]), whole(row["unit_id"]), whole(row["debit"]), whole(row["credit"]),
        whole(row["amount"]), maybe(row["ref"]) or 0, day.days,
    )  # fmt: skip


class Verifier:
    """One run over one bundle; `faults` are lines that name a place."""

    def __init__(self, bundle):
        self.bundle, self.faults = bundle, []
        self.seals, self.ends, self.holds, self.gaps = [], [], {}, []
        self.transfers = self.unsealed = 0

    def read_seals(self):
        previous, end = FIRST, None
        for place, row in enumerate(self.bundle.rows("seals.csv", SEALS), start=1):
            seal = {key: whole(row[key]) for key in ("seq", "from_batch", "to_batch", "n")}
            if seal["seq"] != place:
                self.faults.append(f"seal {seal['seq']}: stands where seal {place} should stand")
            if seal["from_batch"] >= seal["to_batch"] or end not in (None, seal["from_batch"]):
                self.faults.append(f"seal {place}: does not begin where the one before it ended")
            seal.update(digest=binary(row["digest"], 32), running=hashlib.sha256(previous))
            seal.update(count=0, edited=[])
            self.seals.append(seal)
            previous, end = seal["digest"], seal["to_batch"]
        self.ends = [seal["to_batch"] for seal in self.seals]

    def read_accounts(self):
        self.accounts, self.sums = {}, {}
        for row in self.bundle.rows("accounts.csv", ACCOUNTS):
            key = whole(row["id"])
            self.accounts[key] = row
            self.sums[key] = {"balance": 0, "held_out": 0, "held_in": 0}

    def read_transfers(self):
        last, before = 0, -1
        for row in self.bundle.rows("transfers.csv", TRANSFERS):
            self.transfers += 1
            number, batch = whole(row["id"]), whole(row["batch"])
            place = bisect_right(self.ends, batch)
            if number <= last:
                self.faults.append(f"transfer {number}: stands after transfer {last}")
            elif number > last + 1:
                self.gaps.append((last + 1, number - 1, before, place))
            last, before = number, place
            edited = body_hash(row) != binary(row["body_hash"], 32)
            if edited:
                self.faults.append(f"transfer {number}: its columns do not give its body hash")
            if place == len(self.ends):
                self.unsealed += 1
            elif batch < self.seals[place]["from_batch"]:
                self.faults.append(f"transfer {number}: batch {batch} lies in no seal")
            else:
                seal = self.seals[place]
                seal["running"].update(row_bytes(row))
                seal["count"] += 1
                if edited:
                    seal["edited"].append(number)
            self.move(number, row)
        self.gaps.append((last + 1, last + 1, before, len(self.ends) - 1))

    def move(self, number, row):
        debit, credit, amount = (whole(row[key]) for key in ("debit", "credit", "amount"))
        kind, ref = whole(row["kind"]), maybe(row["ref"])
        if debit not in self.sums or credit not in self.sums:
            self.faults.append(f"transfer {number}: names an account that accounts.csv has not")
            return
        for key in (debit, credit):
            if any(self.accounts[key][c] != row[c] for c in ("book", "unit", "unit_id")):
                self.faults.append(f"transfer {number}: another book or unit than account {key}")
        out, into = self.sums[debit], self.sums[credit]
        if kind == HOLD:
            self.holds[number] = (debit, credit, amount)
            out["held_out"] += amount
            into["held_in"] += amount
        elif kind in (SETTLE, 3, 4):
            hold = self.holds.pop(ref, None)
            if hold is None or hold[:2] != (debit, credit) or amount > hold[2]:
                self.faults.append(f"transfer {number}: does not fit a hold {ref} that is open")
            else:
                out["held_out"] -= hold[2]
                into["held_in"] -= hold[2]
        if kind in MOVES:
            out["balance"] -= amount
            into["balance"] += amount

    def close(self):
        for place, seal in enumerate(self.seals):
            if seal["running"].digest() == seal["digest"] and seal["count"] == seal["n"]:
                continue
            near = [f"{a}-{b}" for a, b, *places in self.gaps if place in places][:10]
            if seal["count"] < seal["n"]:
                why = f"{seal['n'] - seal['count']} rows missing; no transfer is numbered {near}"
            elif seal["edited"]:
                why = f"transfers {seal['edited'][:10]} were edited"
            else:
                why = "its rows do not follow from the seal before it"
            self.faults.append(f"seal {seal['seq']}: {why}")
        totals = {}
        for key, account in self.accounts.items():
            found = self.sums[key]
            if any(found[name] != whole(account[name]) for name in found):
                self.faults.append(f"account {key}: the rows give {found}")
            where = (account["book"], account["unit"])
            totals[where] = totals.get(where, 0) + whole(account["balance"])
        self.faults += [f"book {where}: sums to {t}, not zero" for where, t in totals.items() if t]

    def compare(self, heads):
        where = {seal["digest"].hex(): place for place, seal in enumerate(self.seals, start=1)}
        good = [where[head] for seq, head in heads if head in where and seq in (None, where[head])]
        for seq, head in heads:
            if head not in where or seq not in (None, where[head]):
                last = len(self.seals) if seq is None else seq
                first = max((one for one in good if one <= last), default=0) + 1
                self.faults.append(f"head {head[:16]}: seals {first} to {last} were written anew")
        return len(good)


def published(lines):
    """Heads of a list: of /data/heads.txt those of the ledger, else one head a line."""
    if lines[:1] != ["dure-heads 1"]:
        return [line for line in lines if line.strip()]
    rows = [line.split(" ") for line in lines[1:]]
    return [f"{row[3]}:{row[5]}" for row in rows if len(row) == 6 and row[2] == "ledger.seal"]


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path")
    parser.add_argument("--head", action="append", default=[], help="a published head")
    parser.add_argument("--heads", help="a file of published heads: lines of `number head`")
    options = parser.parse_args(arguments)
    told = options.head
    if options.heads:
        told = told + published(Path(options.heads).read_text(encoding="ascii").splitlines())
    heads = []
    for text in told:
        match = re.fullmatch(r"(?:([0-9]+)[: ])?([0-9a-f]{64})", text.strip())
        if not match:
            parser.error(f"{text[:80]!r} is no head")
        heads.append((int(match[1]) if match[1] else None, match[2]))
    try:
        run = Verifier(Bundle(options.path))
        run.read_seals()
        run.read_accounts()
        run.read_transfers()
    except (Broken, ValueError, KeyError, OSError, EOFError, struct.error, csv.Error,
            zipfile.BadZipFile, zlib.error) as error:  # fmt: skip
        print(f"FAILED: file: {error}")
        return 1
    run.close()
    equal = run.compare(heads)
    newest = run.seals[-1]["digest"] if run.seals else FIRST
    print(f"{run.transfers} transfers, {len(run.seals)} seals, {run.unsealed} not sealed")
    print(f"head {newest.hex()}; {equal} of {len(heads)} published heads are equal")
    for fault in run.faults:
        print(f"FAILED: {fault}")
    return 1 if run.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`dure verify books --head HEAD PATH`: what a bundle of the ledger proves; asks no database."""

from __future__ import annotations

import contextlib
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TextIO

from dure.engines import books_bundle, books_verify, published_heads
from dure.engines.ledger_rows import CHAIN
from dure.interfaces.cli.answers import Answer

TABLES = ("accounts.csv", "transfers.csv", "seals.csv")
BROKEN = (zipfile.BadZipFile, zlib.error)
HEAD = re.compile(r"(?:([0-9]{1,18})[: ])?([0-9a-f]{64})")


def verify_books(path: Path, heads: Sequence[str], heads_file: str | None) -> Answer:
    """Verify one bundle, a folder or a zip; exit 0 only when everything held."""
    answer = Answer()
    told = list(heads)
    if heads_file:
        told += _heads_of(Path(heads_file))
    published = [HEAD.fullmatch(text.strip()) for text in told if text.strip()]
    if not all(published):
        answer.refuse(
            "verify.bad_heads",
            "공표한 봉인값을 읽을 수 없습니다. ‘봉인값’ 또는 ‘번호:봉인값’으로 적어 주세요.",
            "A head cannot be read. Write it as HEAD or as NUMBER:HEAD.",
        )
        return answer
    with contextlib.ExitStack() as stack:
        try:
            accounts, transfers, seals = (_table(path, name, stack) for name in TABLES)
            report = books_verify.verify(
                accounts,
                transfers,
                seals,
                heads=[
                    books_verify.Head(found[2], int(found[1]) if found[1] else None)
                    for found in published
                    if found
                ],
            )
        except (KeyError, EOFError, UnicodeDecodeError, gzip.BadGzipFile, *BROKEN):
            answer.refuse(
                "verify.no_bundle",
                "장부 묶음이 아닙니다. `dure export books`가 만든 폴더나 zip을 주세요.",
                "This is no bundle of books. Give the folder or zip of `dure export books`.",
            )
            return answer
    answer.facts = {
        "transfers": report.transfers,
        "seals": report.seals,
        "unsealed": report.unsealed,
        "head": report.head,
        "heads_equal": report.heads_equal,
        "fault_count": report.fault_count,
        "faults": [
            {"kind": one.kind, "place": one.place, "detail": one.detail} for one in report.faults
        ],
    }
    answer.say(f"{report.transfers} transfers, {report.seals} seals, {report.unsealed} not sealed")
    answer.say(f"head {report.head}; {report.heads_equal} published heads are equal")
    for fault in report.faults:
        words = f"{fault.kind} {fault.place}: {fault.detail}"
        answer.refuse("verify.failed", f"맞지 않습니다: {words}", f"Does not hold: {words}")
    if not published:
        answer.say("note: a bundle cannot vouch for itself; give --head with a published head")
    return answer


def _heads_of(file: Path) -> list[str]:
    """The ledger's heads of a copy of /data/heads.txt, or of a file with one head a line."""
    content = file.read_bytes()
    if content.startswith(published_heads.TITLE.encode("ascii")):
        try:
            listed = published_heads.read(content)
        except published_heads.NotHeads as error:
            return [str(error)]
        return [f"{one.number}:{one.digest}" for one in listed if one.chain == CHAIN]
    return content.decode("ascii", errors="replace").splitlines()


def _table(path: Path, name: str, stack: contextlib.ExitStack) -> TextIO:
    """Open a table of the folder or zip, packed or not; KeyError when there is none."""
    if path.is_dir():
        if (path / name).exists():
            return stack.enter_context((path / name).open(encoding="utf-8", newline=""))
        if (path / f"{name}.gz").exists():
            return _unpacked(stack.enter_context((path / f"{name}.gz").open("rb")), stack)
        raise KeyError(name)
    archive = stack.enter_context(zipfile.ZipFile(path))
    if archive.read("format.txt") != books_bundle.FORMAT.encode():
        raise KeyError("format.txt")
    if f"{name}.gz" in archive.namelist():
        return _unpacked(stack.enter_context(archive.open(f"{name}.gz")), stack)
    plain = stack.enter_context(archive.open(name))
    return stack.enter_context(io.TextIOWrapper(plain, encoding="utf-8", newline=""))


def _unpacked(packed: IO[bytes], stack: contextlib.ExitStack) -> TextIO:
    return stack.enter_context(gzip.open(packed, "rt", encoding="utf-8", newline=""))

"""`dure export books`: the bundle of all books, and each book's journal for beancount."""

from __future__ import annotations

import argparse
import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from dure.core import door
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.clock import now
from dure.interfaces.cli.answers import Answer
from dure.interfaces.cli.who import who
from dure.ledger.queries import exports
from dure.registry import spool

REASON = "명령으로 장부를 내보냄 (dure export books)"


def export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", metavar="FOLDER", default="books", help="where to write")
    parser.add_argument("--reason", metavar="TEXT", help="why; it stays on the audit")
    parser.add_argument("--packed", action="store_true", help="write transfers.csv.gz")
    parser.add_argument(
        "--journal", metavar="BOOK", action="append", help="only the journal of this book's number"
    )


def export_file(given: argparse.Namespace) -> Answer:
    """Write the bundle, of one snapshot, and the journals, of one instant each, into a folder.

    docs/ledger-export.md describes the files. Each file leaves a record and a line of the audit.
    """
    answer = Answer()
    actor = door.load_grants(who(given), now())
    folder = Path(given.output)
    folder.mkdir(parents=True, exist_ok=True)
    written: dict[str, int] = {}
    if not given.journal:
        with exports.snapshot():
            for name, pieces in exports.bundle(actor).items():
                packed = given.packed and name == "transfers.csv"
                file = folder / (f"{name}.gz" if packed else name)
                written[file.name] = _write(file, pieces, packed=packed)
        told = tuple(
            {"name": name, "size": size, "sha256": spool.sha256_of(folder / name)}
            for name, size in written.items()
        )
        run("ledger.books.export", {"files": told}, actor)
    for book in given.journal or exports.books(actor):
        file = folder / f"book-{book}.beancount"
        written[file.name] = _journal(book, file, actor, given.reason or REASON)
    for name, size in written.items():
        answer.say(f"{folder / name}: {size:,} bytes")
    answer.facts = {"folder": str(folder), "files": written}
    return answer


def _journal(book: str, file: Path, actor: Actor, reason: str) -> int:
    made = run("ledger.book.export", {"book_id": book}, actor, reason=reason).result
    path = spool.path_of(made.file)
    shutil.copyfile(path, file)
    spool.drop(made.file)
    return file.stat().st_size


def _write(file: Path, pieces: Iterator[bytes], *, packed: bool) -> int:
    with file.open("wb") as plain:
        if packed:
            with gzip.GzipFile(filename="", mode="wb", fileobj=plain, mtime=0) as stream:
                return _pour(pieces, stream)
        return _pour(pieces, plain)


def _pour(pieces: Iterator[bytes], stream: BinaryIO | gzip.GzipFile) -> int:
    return sum(stream.write(piece) for piece in pieces)

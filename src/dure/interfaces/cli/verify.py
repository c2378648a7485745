"""`dure verify BUNDLE`: what a downloaded release proves, number by number; asks no database.

`dure verify books PATH` does it for a bundle of the ledger (`verify_books`).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from dure.engines import published_heads, release_verify, stored_zip
from dure.interfaces.cli.answers import Answer
from dure.interfaces.cli.verify_books import verify_books


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    del name
    parser.add_argument(
        "bundle", nargs="+", metavar="BUNDLE", help="release-NNNN.zip; or: books, folder or zip"
    )
    parser.add_argument(
        "--head", action="append", default=[], metavar="HEAD", help="of books: a published head"
    )
    parser.add_argument(
        "--heads", metavar="FILE", help="the published heads: a copy of /data/heads.txt"
    )


def command(name: str, given: argparse.Namespace) -> Answer:
    """Verify one bundle; exit 0 only when everything that could be checked held."""
    del name
    if given.bundle[0] == "books" and len(given.bundle) == 2:
        return verify_books(Path(given.bundle[1]), given.head, given.heads)
    answer = Answer()
    if len(given.bundle) > 1 or given.head:
        answer.refuse(
            "verify.one_bundle",
            "공표본 하나만 주세요. 장부는 `dure verify books 경로`로 확인합니다.",
            "Give one release. Books are verified by `dure verify books PATH`.",
        )
        return answer
    file = Path(given.bundle[0])
    if file.stat().st_size > stored_zip.BYTES_MAX:
        answer.refuse(
            "verify.too_large",
            "파일이 너무 큽니다. 공표본 묶음은 256 MiB를 넘지 않습니다.",
            "The file is too large. A bundle has at most 256 MiB.",
        )
        return answer
    heads = None
    if given.heads:
        try:
            heads = published_heads.read(Path(given.heads).read_bytes())
        except published_heads.NotHeads as error:
            answer.refuse(
                "verify.bad_heads",
                f"머리 목록을 읽을 수 없습니다({error}). /data/heads.txt를 그대로 주세요.",
                f"The list of heads cannot be read ({error}). Give /data/heads.txt as it is.",
            )
            return answer
    report = release_verify.verify(file.read_bytes(), published=heads)
    answer.facts = json.loads(release_verify.report_json(report))
    answer.lines = [
        line for line in release_verify.report_lines(report) if not line.startswith("FAILED")
    ]
    for finding in report.findings:
        answer.refuse("verify.failed", f"맞지 않습니다: {finding}", f"Does not hold: {finding}")
    if heads is None:
        answer.say("note: a bundle cannot vouch for itself; give --heads with published heads")
    return answer

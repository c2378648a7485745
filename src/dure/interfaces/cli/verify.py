"""`dure verify BUNDLE`: what a downloaded release proves, number by number; asks no database."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from dure.engines import release_verify, stored_zip
from dure.interfaces.cli.answers import Answer


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    del name
    parser.add_argument("bundle", metavar="BUNDLE", help="release-NNNN.zip")
    parser.add_argument(
        "--heads", metavar="FILE", help="the published heads, one `number head` a line"
    )


def command(name: str, given: argparse.Namespace) -> Answer:
    """Verify one bundle; exit 0 only when everything that could be checked held."""
    del name
    answer = Answer()
    file = Path(given.bundle)
    if file.stat().st_size > stored_zip.BYTES_MAX:
        answer.refuse(
            "verify.too_large",
            "파일이 너무 큽니다. 공표본 묶음은 256 MiB를 넘지 않습니다.",
            "The file is too large. A bundle has at most 256 MiB.",
        )
        return answer
    heads = None
    if given.heads:
        heads = read_heads(Path(given.heads).read_text(encoding="ascii", errors="replace"))
        if heads is None:
            answer.refuse(
                "verify.bad_heads",
                "공표 지문 목록을 읽을 수 없습니다. 한 줄에 ‘번호 지문’을 적어 주세요.",
                "The list of heads cannot be read. Write `number head` on each line.",
            )
            return answer
    report = release_verify.verify(file.read_bytes(), published_heads=heads)
    answer.facts = json.loads(release_verify.report_json(report))
    answer.lines = [
        line for line in release_verify.report_lines(report) if not line.startswith("FAILED")
    ]
    for finding in report.findings:
        answer.refuse("verify.failed", f"맞지 않습니다: {finding}", f"Does not hold: {finding}")
    if heads is None:
        answer.say("note: a bundle cannot vouch for itself; give --heads with published heads")
    return answer


def read_heads(text: str) -> dict[int, str] | None:
    """Read published heads; None when a line is not `number head`."""
    found = {}
    for line in text.splitlines():
        number, _, head = line.partition(" ")
        if not (number.isascii() and number.isdigit() and len(head) == 64):
            return None
        found[int(number)] = head
    return found

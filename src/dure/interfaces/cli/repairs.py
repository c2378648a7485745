"""`dure import repairs FILE…` and `dure export repairs`: the Open Repair Data Standard."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.catalogue import to_plain
from dure.core.errors import Refusal
from dure.interfaces.cli.answers import Answer
from dure.interfaces.cli.who import who
from dure.registry import spool

FILE_MAX = 64 * 1024 * 1024
SUMS = ("rows", "new", "known", "changed", "repeated", "unusable", "lost", "events", "facts")


def import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="CSV of the standard (ORDS 0.3)")
    parser.add_argument("--district", help="code of the district in which the repairs count")
    parser.add_argument("--organisation", metavar="ID", help="the organisation that hosted them")


def import_files(given: argparse.Namespace) -> Answer:
    """Import file by file, each all or nothing; sums and deviations over all of them."""
    answer = Answer()
    sums: Counter[str] = Counter(dict.fromkeys(SUMS, 0))
    deviations: Counter[str] = Counter()
    files: list[dict[str, object]] = []
    for name in given.files:
        told = _import(Path(name), given, who(given), answer)
        if told is None:
            continue
        result, plain = told
        for key in SUMS:
            sums[key] += int(getattr(result, key))
        deviations.update({kind.kind: kind.count for kind in result.deviations})
        files.append({"file": Path(name).name, "lost": result.lost, **plain})
        answer.say(
            f"{Path(name).name}: {result.rows}줄 중 새로 {result.new}, 이미 있음 {result.known}, "
            f"바뀜 {result.changed}, 되풀이 {result.repeated}, 못 씀 {result.unusable}"
        )
    answer.facts = {**sums, "deviations": dict(sorted(deviations.items())), "files": files}
    for kind, count in sorted(deviations.items()):
        answer.say(f"  표준과 다름 {kind}: {count}줄")
    return answer


def _import(
    file: Path, given: argparse.Namespace, actor: Actor, answer: Answer
) -> tuple[Any, dict[str, object]] | None:  # Any: the room's Imported
    if file.stat().st_size > FILE_MAX:
        answer.refuse(
            "exchange.not_ords",
            f"파일이 너무 큽니다: {file.name}. 64 MiB까지 받습니다.",
            f"The file is too large: {file.name}. Up to 64 MiB are accepted.",
            file=file.name,
        )
        return None
    body = {
        "content": file.read_bytes(),
        "organisation_id": given.organisation,
        "district": given.district,
    }
    try:
        result = run("exchange.repair.import", body, actor).result
    except Refusal as refusal:
        answer.refused_by(refusal)
        answer.refusals[-1]["file"] = file.name
        return None
    plain = to_plain(result)
    assert isinstance(plain, dict)
    return result, plain


def export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--output", metavar="FILE", help="where to write; standard output if left out"
    )
    parser.add_argument("--district", help="only this district")
    parser.add_argument(
        "--problem",
        action="store_true",
        help="with the free text of volunteers; it may name people: needs --reason",
    )
    parser.add_argument("--reason", help="why the free text is needed")


def export_file(given: argparse.Namespace) -> Answer:
    """Write what the standard's published schema accepts; name what had to be left out.

    The download leaves a record and a line of the audit.
    """
    answer = Answer()
    name = "exchange.repair.export_texts" if given.problem else "exchange.repair.export"
    try:
        made = run(name, {"district": given.district}, who(given), reason=given.reason).result
    except Refusal as refusal:
        answer.refused_by(refusal)
        return answer
    path = spool.path_of(made.file)
    if given.output:
        shutil.copyfile(path, given.output)
        answer.say(f"{given.output}: {made.rows}줄, 빠진 줄 {made.left_out}")
    elif not given.json:
        sys.stdout.write(path.read_bytes().decode())
    spool.drop(made.file)
    answer.facts = {
        "rows": made.rows,
        "left_out": made.left_out,
        "named": list(made.named),
        "file": given.output,
    }
    return answer

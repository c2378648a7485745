"""`dure import organisations FILE…` and `dure export organisations`: lists of the register."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from dure.core import clock, door
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.engines.issues import MATTERS
from dure.interfaces.cli.answers import Answer
from dure.interfaces.cli.who import who
from dure.registry import spool
from dure.registry.queries import imports as queries

REFUSED_TOLD_MAX = 10_000


def import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="CSV (UTF-8, CP949) or XLSX")
    parser.add_argument(
        "--district", default="city", help="code of the district; the city if left out"
    )
    parser.add_argument(
        "--year", type=int, help="year of members and capital; last year if left out"
    )
    parser.add_argument("--sheet", help="name of the sheet of a workbook")
    parser.add_argument(
        "--encoding", default="", choices=["utf-8", "cp949"], help="when a file reads both ways"
    )
    parser.add_argument("--columns", help="field names by comma, one a column, empty to leave out")
    parser.add_argument("--dry-run", action="store_true", help="judge only, store nothing")
    parser.add_argument(
        "--so",
        default="",
        metavar="CODES",
        help="store rows with these warnings: codes by comma, or all",
    )
    parser.add_argument(
        "--hold",
        default="",
        metavar="CODES",
        help="hold rows with these warnings: codes by comma, or all",
    )


def import_files(given: argparse.Namespace) -> Answer:
    """Import file by file, each all or nothing; a file with one refused row stores nothing."""
    answer = Answer()
    actor = who(given)
    files = []
    for name in given.files:
        told: dict[str, object] = {"file": Path(name).name}
        try:
            told |= _import(Path(name), given, actor, answer)
        except Refusal as refusal:
            answer.refused_by(refusal)
            answer.refusals[-1]["file"] = Path(name).name
        files.append(told)
    answer.facts["files"] = files
    for key in ("made", "changed", "same", "held"):
        answer.facts[key] = sum(int(str(one.get(key, 0))) for one in files)
    return answer


def _import(
    file: Path, given: argparse.Namespace, actor: Actor, answer: Answer
) -> dict[str, object]:
    with file.open("rb") as opened:
        spooled = spool.put(iter(lambda: opened.read(1 << 20), b""), file.name)
    try:
        body: dict[str, object] = {
            "file": spooled,
            "file_name": file.name[-200:],
            "district": given.district,
            "year": given.year or clock.today().year - 1,
            "encoding": given.encoding,
        }
        if given.sheet:
            body["sheet"] = given.sheet
        import_id = run("registry.import.open", body, actor).result.id
        proposed = queries.of(import_id, _seen(actor)).columns
        columns = tuple(given.columns.split(",") if given.columns else proposed)
        body = {"import_id": import_id, "columns": columns}
        mapped = run("registry.import.map", body, actor).result
        if mapped.same_as:
            answer.say(f"{file.name}: 이미 저장한 명단입니다. 새로 저장한 줄 0.")
            return {"import": mapped.same_as, "repeated": True}
        run("registry.import.judge", {"import_id": import_id}, actor)
    except Refusal:
        spool.drop(spooled)
        raise
    return _stored(file, import_id, given, actor, answer)


def _seen(actor: Actor) -> Actor:
    """The actor with grants, for reading; the door loads its own."""
    return door.load_grants(actor, clock.now())


def _stored(
    file: Path, import_id: str, given: argparse.Namespace, actor: Actor, answer: Answer
) -> dict[str, object]:
    imp = queries.of(import_id, _seen(actor))
    told: dict[str, object] = {"import": import_id, "counts": imp.counts, "not_rows": imp.totals}
    body = {"import_id": import_id}
    if imp.state == "refused":
        _tell_refused(file, imp, answer)
        run("registry.import.cancel", body, actor)
        return told
    if given.dry_run:
        run("registry.import.cancel", body, actor)
        answer.say(f"{file.name}: {imp.counts}")
        return told
    asked = sorted(imp.counts["warnings"])
    hold = _picked(given.hold, asked)
    so = tuple(code for code in _picked(given.so, asked) if code not in hold)
    if asked and (so or hold):
        run("registry.import.answer", {**body, "so": so, "hold": hold}, actor)
    try:
        outcome = run("registry.import.apply", body, actor, key=f"cli:{import_id}:apply")
    except Refusal as refusal:
        if refusal.name == "registry.import_unanswered":
            run("registry.import.cancel", body, actor)
        raise
    result = outcome.result
    answer.say(
        f"{file.name}: 새로 {result.made}, 바뀜 {result.changed}, 같음 {result.same}, "
        f"미룸 {result.held}"
    )
    return told | {
        "line": str(outcome.line_id),
        "made": result.made,
        "changed": result.changed,
        "same": result.same,
        "held": result.held,
    }


def _picked(text: str, asked: list[str]) -> tuple[str, ...]:
    if text == "all":
        return tuple(asked)
    return tuple(code for code in asked if code in text.split(","))


def _tell_refused(file: Path, imp: object, answer: Answer) -> None:
    """Every refused row with line, column, value (masked where personal) and remedy."""
    for number, row in enumerate(queries.refused(imp)):  # type: ignore[arg-type]  # the room's own row
        if number == REFUSED_TOLD_MAX:
            break
        where = f"{file.name} {row.line}" + (f" [{row.column}]" if row.column else "")
        shown = f" 「{row.value}」" if row.value else ""
        matter = MATTERS[row.code]
        answer.refuse(
            f"registry.import.{row.code}",
            f"{where}:{shown} {matter.ko} {matter.remedy_ko}",
            f"{where}:{shown} {matter.en} {matter.remedy_en}",
            file=file.name,
            line=row.line,
            column=row.column,
            value=row.value,
        )


def export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--output", metavar="FILE", help="where to write; standard output if left out (CSV)"
    )
    parser.add_argument("--format", choices=["csv", "xlsx"], default="csv")
    parser.add_argument(
        "--district", default="city", help="code of the district; the city if left out"
    )
    parser.add_argument(
        "--year", type=int, help="with members and capital of this year; needs --reason"
    )
    parser.add_argument("--reason", help="why yearly values are needed")


def export_file(given: argparse.Namespace) -> Answer:
    """Write the list; the same list imported again is all `same`."""
    answer = Answer()
    body: dict[str, object] = {"district": given.district, "form": given.format}
    if given.year:
        body["year"] = given.year
        written = run("registry.organisation.export_yearly", body, who(given), reason=given.reason)
    else:
        written = run("registry.organisation.export", body, who(given))
    result = written.result
    source = spool.path_of(result.file)
    if given.output:
        shutil.copyfile(source, given.output)
        answer.say(f"{given.output}: {result.rows}줄")
    elif not given.json:
        sys.stdout.buffer.write(source.read_bytes())
    spool.drop(result.file)
    answer.facts = {"rows": result.rows, "sha256": result.sha256, "file": given.output}
    return answer

"""`dure tally FOLDER`: every Pabulib file below a folder, with progress and a summary."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from dure.engines.pb.election import Election
from dure.engines.pb.pabulib import read
from dure.engines.pb.pabulib_errors import PabulibError
from dure.engines.pb.published import replayed
from dure.engines.pb.rules import Rule, RuleError
from dure.engines.pb.tally import label, plain_rules, tally
from dure.interfaces.cli.answers import Answer
from dure.interfaces.cli.tally_table import facts_of, fitted

SUFFIXES = (".pb", ".pb.gz")
EVERY, STATED = "every", "stated"


@dataclass(slots=True)
class Counted:
    """What became of one file: its results, or why it was refused."""

    file: str
    results: list[dict[str, object]] = field(default_factory=list)
    skipped: list[tuple[str, str, str]] = field(default_factory=list)
    refusal: tuple[str, str, str, int] | None = None
    seconds: float = 0.0


def files_of(folder: Path) -> list[Path]:
    """Every Pabulib file below a folder, by path."""
    return sorted(
        path for path in folder.rglob("*") if path.name.endswith(SUFFIXES) and path.is_file()
    )


def count_file(path: Path, asked: Rule | str) -> Counted:
    """Count one file by one rule, by `every` rule that needs no parameter, or as `stated` in it."""
    began = time.perf_counter()
    found = Counted(path.name)
    try:
        election = read(path.read_bytes())
    except PabulibError as error:
        found.refusal = (error.code, error.ko, error.en, error.line)
        return found
    except OSError as error:
        found.refusal = ("cli.file", str(error.strerror), str(error.strerror), 0)
        return found
    if asked == STATED:
        found.results.append(stated_facts(election))
        found.seconds = time.perf_counter() - began
        return found
    for one in (asked,) if isinstance(asked, Rule) else plain_rules(election):
        started = time.perf_counter()
        try:
            outcome = tally(election, one)
        except RuleError as error:
            found.skipped.append((label(one), error.ko, error.en))
            continue
        seconds = round(time.perf_counter() - started, 6)
        found.results.append({**facts_of(election, outcome), "seconds": seconds})
    found.seconds = time.perf_counter() - began
    return found


def stated_facts(election: Election) -> dict[str, object]:
    """The rule a file states, counted again beside what it published."""
    began = time.perf_counter()
    replay = replayed(election)
    return {
        "stated": replay.stated,
        "rule": label(replay.rule) if replay.rule else None,
        "winners": list(replay.won),
        "published": list(replay.published),
        "agrees": replay.agrees if replay.rule else None,
        "reason": replay.reason,
        "seconds": round(time.perf_counter() - began, 6),
    }


def stated_line(result: dict[str, object]) -> str:
    """Say in a line whether the published outcome was reproduced."""
    if result["agrees"] is None:
        return f"{result['stated']}: not counted again: {result['reason']}"
    won, published = result["winners"], result["published"]
    assert isinstance(won, list) and isinstance(published, list)
    if result["agrees"]:
        return f"{result['stated']} ({result['rule']}): all {len(won)} published winners won"
    only_won = ", ".join(one for one in won if one not in published) or "-"
    only_published = ", ".join(one for one in published if one not in won) or "-"
    return f"{result['stated']}: differs; won here only {only_won}; published only {only_published}"


def tally_folder(answer: Answer, folder: Path, asked: Rule | str, workers: int | None) -> Answer:
    """Count all files of a folder; a file that is refused is named and the others go on."""
    paths = files_of(folder)
    if not paths:
        answer.refuse(
            "tally.no_files",
            f"{folder}에 .pb 또는 .pb.gz 파일이 없습니다.",
            f"There is no .pb or .pb.gz file in {folder}.",
        )
        return answer
    began = time.perf_counter()
    counted: list[Counted] = []
    for at, one in enumerate(_counted(paths, asked, workers), start=1):
        counted.append(one)
        _progress(at, len(paths), one.file)
        for words in _lines(one):
            answer.say(words)
    seconds = time.perf_counter() - began
    results = sum(len(one.results) for one in counted)
    skipped = sum(len(one.skipped) for one in counted)
    refused = [one for one in counted if one.refusal]
    answer.facts = {
        "files": [
            {
                "file": one.file,
                "results": one.results,
                "skipped": [{"rule": name, "ko": ko, "en": en} for name, ko, en in one.skipped],
            }
            for one in counted
            if not one.refusal
        ],
        "summary": {
            "files": len(paths),
            "counted": results,
            "skipped": skipped,
            "refused": len(refused),
            "seconds": round(seconds, 3),
        },
    }
    if asked == STATED:
        again = [result["agrees"] for one in counted for result in one.results]
        answer.say(f"{again.count(True)} reproduced, {again.count(False)} differ")
    answer.say(
        f"{len(paths)} files, {results} counts, {skipped} not countable by their ballots, "
        f"{len(refused)} refused; {seconds:.1f} s"
    )
    for one in refused:
        assert one.refusal is not None
        code, ko, en, line = one.refusal
        answer.refuse(code, f"{one.file}: {ko}", f"{one.file}: {en}", file=one.file, line=line)
    return answer


def _counted(paths: list[Path], asked: Rule | str, workers: int | None) -> Iterator[Counted]:
    """Count the files, on all cores, in the order of their names."""
    count = min(workers or os.cpu_count() or 1, len(paths))
    if count <= 1:
        yield from (count_file(path, asked) for path in paths)
        return
    with ProcessPoolExecutor(count) as pool:
        yield from pool.map(count_file, paths, [asked] * len(paths))


def _progress(at: int, total: int, name: str) -> None:
    """Tell on the error stream how far it is; one line that moves on a terminal."""
    if sys.stderr.isatty():
        end = "\n" if at == total else ""
        print(f"\r{at}/{total} {fitted(name, 60)}", end=end, file=sys.stderr, flush=True)
    elif at % 20 == 0 or at == total:
        print(f"{at}/{total}", file=sys.stderr, flush=True)


def _lines(one: Counted) -> Iterator[str]:
    if one.refusal:
        yield f"{fitted(one.file, 60)}  refused: {one.refusal[2]}"
    for result in one.results:
        if "stated" in result:
            yield f"{fitted(one.file, 60)}  {stated_line(result)}"
            continue
        winners = result["winners"]
        assert isinstance(winners, list)
        name = " ".join(str(result[key] or "") for key in ("rule", "satisfaction"))
        yield (
            f"{fitted(one.file, 60)}  {name:<20}  {len(winners):>4} won  "
            f"{result['spent']} of {result['budget']}"
        )
    for name, _, en in one.skipped:
        yield f"{fitted(one.file, 60)}  {name:<20}  not counted: {en}"

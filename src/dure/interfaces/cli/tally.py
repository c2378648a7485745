"""`dure tally FILE|FOLDER`: count elections about money from Pabulib files; asks no database."""

from __future__ import annotations

import argparse
import re
import time
from fractions import Fraction
from pathlib import Path

from dure.engines.pb.certificate import CertificateError, certificate, certificate_text
from dure.engines.pb.election import Election
from dure.engines.pb.outcome import Outcome
from dure.engines.pb.pabulib import amount, read
from dure.engines.pb.pabulib_errors import PabulibError
from dure.engines.pb.picture import picture
from dure.engines.pb.rules import (
    Completion,
    Name,
    Norm,
    Rule,
    RuleError,
    Satisfaction,
    Start,
    Stop,
    Weight,
)
from dure.engines.pb.tally import label, plain_rules, tally
from dure.interfaces.cli.answers import Answer
from dure.interfaces.cli.tally_folder import (
    EVERY,
    STATED,
    stated_facts,
    stated_line,
    tally_folder,
)
from dure.interfaces.cli.tally_table import facts_of, table


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    del name
    parser.add_argument("path", metavar="FILE|FOLDER", help="a .pb or .pb.gz file, or a folder")
    parser.add_argument(
        "--rule",
        choices=[*(one.value for one in Name), EVERY, STATED],
        help="how winners are found; `every`: each rule that needs no parameter; `stated`: as "
        "the file says, beside its published outcome",
    )
    parser.add_argument("--satisfaction", choices=[one.value for one in Satisfaction])
    parser.add_argument(
        "--completion", choices=[one.value for one in Completion], default=Completion.NONE.value
    )
    parser.add_argument("--step", metavar="MONEY", help="of add1: money added per ballot")
    parser.add_argument("--start", choices=[one.value for one in Start], help="of add1")
    parser.add_argument("--stop", choices=[one.value for one in Stop], help="of add1")
    parser.add_argument(
        "--threshold", metavar="N|N%", help="of greedy-threshold: least score, or share of ballots"
    )
    parser.add_argument(
        "--ties",
        default="id",
        metavar="STEP,STEP,...",
        help="tie chain, e.g. max_votes,min_cost,lot; ends in lot or id (default: id)",
    )
    parser.add_argument("--seed", metavar="HEX", help="of the lot: the published seed")
    parser.add_argument("--call", default="", metavar="ID", help="of the lot: the call")
    parser.add_argument("--order", default="", metavar="ID,ID,...", help="of the step list")
    parser.add_argument(
        "--weight",
        action="append",
        default=[],
        metavar="MEASURE=PPM:NORM",
        help="of scores, e.g. votes=450000:share-of-max; repeat",
    )
    parser.add_argument(
        "--cap", action="append", default=[], metavar="CATEGORY=MONEY", help="of greedy and scores"
    )
    parser.add_argument("--certificate", metavar="FILE", help="write the certificate as JSON")
    parser.add_argument("--picture", metavar="FILE", help="write the outcome as SVG")
    parser.add_argument(
        "--workers", type=int, metavar="N", help="of a folder: processes (default: one a core)"
    )


def command(name: str, given: argparse.Namespace) -> Answer:
    """Count one file, or every file of a folder."""
    del name
    answer = Answer()
    if given.rule is None:
        answer.refuse(
            "tally.rule_missing",
            "규칙이 없습니다. --rule로 하나를 고르세요(모두 보려면 --rule every).",
            "No rule was given. Choose one with --rule, or --rule every for all.",
        )
        return answer
    try:
        asked = given.rule if given.rule in (EVERY, STATED) else _rule(given)
    except (RuleError, BadArgument) as error:
        answer.refuse(error.code, error.ko, error.en)
        return answer
    path = Path(given.path)
    if path.is_dir():
        return tally_folder(answer, path, asked, given.workers)
    began = time.perf_counter()
    try:
        election = read(path.read_bytes())
    except PabulibError as error:
        answer.refuse(error.code, error.ko, error.en, line=error.line)
        return answer
    reading = time.perf_counter() - began
    if asked == EVERY:
        return _every(answer, path, election, reading)
    if asked == STATED:
        answer.facts = {"file": path.name, **stated_facts(election)}
        answer.say(f"{path.name}  {stated_line(answer.facts)}")
        return answer
    return _one(answer, path, election, asked, reading, given)


def _one(
    answer: Answer,
    path: Path,
    election: Election,
    rule: Rule,
    reading: float,
    given: argparse.Namespace,
) -> Answer:
    """Count one file by one rule: table, JSON, picture, certificate."""
    began, worked = time.perf_counter(), time.process_time()
    try:
        outcome = tally(election, rule)
    except RuleError as error:
        answer.refuse(error.code, error.ko, error.en)
        return answer
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    answer.facts = {
        "file": path.name,
        **facts_of(election, outcome),
        "seconds": round(seconds, 6),
        "seconds_processor": round(worked, 6),
        "seconds_reading": round(reading, 6),
    }
    if given.json or given.certificate:
        _certify(answer, election, outcome, given.certificate)
    if given.picture:
        drawn = picture(election, outcome, title=election.meta.get("description", path.name))
        Path(given.picture).write_text(drawn, encoding="utf-8")
    for line in table(path.name, election, outcome, seconds):
        answer.say(line)
    return answer


def _certify(answer: Answer, election: Election, outcome: Outcome, file: str | None) -> None:
    """State the outcome's proof, and write it to a file when one is named."""
    began = time.perf_counter()
    try:
        stated = certificate(election, outcome)
    except CertificateError as error:
        answer.facts["certificate"] = None
        if file:
            answer.refuse(
                "tally.no_certificate",
                f"증명서를 쓸 수 없습니다: {error}.",
                f"No certificate: {error}.",
            )
        return
    answer.facts["seconds_certificate"] = round(time.perf_counter() - began, 6)
    answer.facts["certificate"] = stated
    if file:
        Path(file).write_text(certificate_text(stated), encoding="utf-8")


def _every(answer: Answer, path: Path, election: Election, reading: float) -> Answer:
    """Count one file by every rule that needs no parameter, side by side."""
    results: list[dict[str, object]] = []
    skipped: list[dict[str, object]] = []
    answer.say(f"{path.name}  {election.kind.value}, {election.ballots.count:,} ballots")
    for rule in plain_rules(election):
        began = time.perf_counter()
        try:
            outcome = tally(election, rule)
        except RuleError as error:
            skipped.append({"rule": label(rule), "ko": error.ko, "en": error.en})
            answer.say(f"  {label(rule):<24} not counted: {error.en}")
            continue
        seconds = time.perf_counter() - began
        results.append({**facts_of(election, outcome), "seconds": round(seconds, 6)})
        answer.lines += table(path.name, election, outcome, seconds)[1:2]
    answer.facts = {
        "file": path.name,
        "results": results,
        "skipped": skipped,
        "seconds_reading": round(reading, 6),
    }
    return answer


class BadArgument(ValueError):
    """An argument that cannot be read; `code` and a sentence in both languages."""

    def __init__(self, option: str, given: str) -> None:
        self.code = "tally.bad_argument"
        self.ko = f"{option}의 값 {given!r}을(를) 읽을 수 없습니다."
        self.en = f"The value {given!r} of {option} cannot be read."
        super().__init__(self.en)


def _rule(given: argparse.Namespace) -> Rule:
    """The rule of the arguments, complete or refused."""
    threshold, share = _threshold(given.threshold)
    return Rule(
        name=Name(given.rule),
        satisfaction=Satisfaction(given.satisfaction) if given.satisfaction else None,
        completion=Completion(given.completion),
        step=_money("--step", given.step),
        start=Start(given.start) if given.start else None,
        stop=Stop(given.stop) if given.stop else None,
        threshold=threshold,
        share=share,
        ties=_listed(given.ties),
        seed=_seed(given.seed),
        call=given.call,
        order=_listed(given.order),
        weights=tuple(_weight(text) for text in given.weight),
        caps=tuple(_cap(text) for text in given.cap),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _money(option: str, text: str | None) -> Fraction | None:
    if text is None:
        return None
    if re.fullmatch("[0-9]{1,30}/[0-9]{0,29}[1-9]", text):
        return Fraction(text)
    value, _ = amount(text)
    if value is None:
        raise BadArgument(option, text)
    return value


def _threshold(text: str | None) -> tuple[Fraction | None, bool]:
    """A least score, or with % a share of the ballots."""
    if text is None:
        return None, False
    share = text.endswith("%")
    value = _money("--threshold", text.removesuffix("%"))
    return (value / 100 if share and value is not None else value), share


def _seed(text: str | None) -> bytes | None:
    if text is None:
        return None
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise BadArgument("--seed", text) from None


def _weight(text: str) -> Weight:
    found = re.fullmatch(r"([^=]+)=([0-9]{1,7}):([a-z-]+)", text)
    if not found or found[3] not in {one.value for one in Norm}:
        raise BadArgument("--weight", text)
    return Weight(found[1], int(found[2]), Norm(found[3]))


def _cap(text: str) -> tuple[str, Fraction]:
    category, _, value = text.rpartition("=")
    read_value = _money("--cap", value)
    if not category or read_value is None:
        raise BadArgument("--cap", text)
    return category, read_value

"""`dure import factors FILE…`: conversion factors that name their source."""

from __future__ import annotations

import argparse
from pathlib import Path

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.catalogue import to_plain
from dure.core.errors import Refusal
from dure.interfaces.cli.answers import Answer
from dure.interfaces.cli.who import who


def import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="CSV; docs/exchange.md names its columns"
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="do not state avoided emissions again for repairs that had no factor so far",
    )


def import_files(given: argparse.Namespace) -> Answer:
    """Load each file, all or nothing; then state again what lacked a factor."""
    answer = Answer()
    actor = who(given)
    files: list[dict[str, object]] = []
    for name in given.files:
        file = Path(name)
        try:
            result = run("journal.factor.load", {"content": file.read_bytes()}, actor).result
        except Refusal as refusal:
            answer.refused_by(refusal)
            answer.refusals[-1]["file"] = file.name
            continue
        plain = to_plain(result)
        assert isinstance(plain, dict)
        files.append({"file": file.name, **plain})
        answer.say(
            f"{file.name}: {result.total}줄, 새로 {result.new}, "
            f"값이 아직 없음 {result.without_value}"
        )
    answer.facts = {"files": files}
    if answer.ok and not given.keep:
        _state_again(answer, actor)
    return answer


def _state_again(answer: Answer, actor: Actor) -> None:
    try:
        estimated = run("exchange.carbon.estimate", {}, actor).result
    except Refusal as refusal:
        if refusal.name != "exchange.no_factors":  # these factors may be of another kind
            raise
        answer.facts["estimated"] = None
        return
    answer.facts["estimated"] = to_plain(estimated)
    answer.say(f"다시 적은 수리 {estimated.restated}, 계수가 없는 수리 {estimated.without_factor}")

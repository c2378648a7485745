"""`dure actions` lists the catalogue; `dure act NAME --body JSON` runs one entry of it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dure.core import json, parsers
from dure.core.actions import CATALOGUE, run
from dure.core.errors import CoreCode
from dure.core.text import T
from dure.interfaces.cli.answers import Answer
from dure.interfaces.cli.who import add_who, who


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    if name == "act":
        parser.add_argument("action", help="dotted name, as `dure actions` lists it")
        parser.add_argument(
            "--body", default="{}", help="JSON object; @FILE reads a file, - standard input"
        )
        parser.add_argument("--key", help="makes a retry safe")
        parser.add_argument("--reason", help="why, where the action asks")
        add_who(parser)
    else:
        parser.add_argument("--room", help="only the actions of one room")


def command(name: str, given: argparse.Namespace) -> Answer:
    return act(given) if name == "act" else catalogue(given)


def catalogue(given: argparse.Namespace) -> Answer:
    answer = Answer()
    rows = []
    for entry in sorted(CATALOGUE.values(), key=lambda one: one.name):
        if given.room and entry.room != given.room:
            continue
        rows.append(
            {"name": entry.name, "ko": entry.text.ko, "en": entry.text.en, "faces": entry.faces}
        )
        answer.say(f"{entry.name:<44} {entry.text.ko}")
    answer.facts["actions"] = rows
    return answer


def act(given: argparse.Namespace) -> Answer:
    answer = Answer()
    entry = CATALOGUE.get(given.action)
    if entry is None or "cli" not in entry.faces:
        answer.refuse(
            "cli.no_action",
            f"그런 행위가 없습니다: {given.action}.",
            f"There is no such action: {given.action}.",
        )
        return answer
    text = given.body
    if text == "-":
        text = sys.stdin.read()
    elif text.startswith("@"):
        text = Path(text[1:]).read_text(encoding="utf-8")
    try:
        body = json.loads(text.encode())
        if not isinstance(body, dict):
            raise parsers.ParseError(CoreCode.BAD_FIELD, T("JSON 객체", "a JSON object"))
    except parsers.ParseError as error:
        accepted: T = error.accepted
        answer.refuse(
            "core.bad_field",
            f"본문을 고쳐 주세요: {accepted.ko}.",
            f"Please correct the body: {accepted.en}.",
        )
        return answer
    outcome = run(given.action, body, who(given), key=given.key, reason=given.reason)
    answer.facts = {
        "result": outcome.result,
        "line": str(outcome.line_id),
        "replayed": outcome.replayed,
    }
    answer.say(str(outcome.result))
    return answer

"""`dure demo`: the synthetic demo district, through actions alone."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from django.conf import settings

from dure.core import clock
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.catalogue import to_plain
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.engines.totp import totp_code
from dure.interfaces.cli.answers import Answer
from dure.registry import demo


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    del name
    parser.add_argument(
        "--code",
        action="store_true",
        help="show the code that the demo accounts' authenticator app shows now",
    )


def command(name: str, given: argparse.Namespace) -> Answer:
    """Run each demo action under a key of its own, so that a second run changes nothing."""
    del name
    answer = Answer()
    if given.code:
        answer.facts["code"] = code = _code()
        answer.say(code)
        return answer
    accounts: list[dict[str, str]] = []
    for action in settings.DURE_DEMO:
        outcome = run(action, {}, Actor.operator(), key=f"demo:{action}:1")
        result = to_plain(outcome.result)
        if isinstance(result, dict):
            accounts += [
                {
                    **one,
                    "password": demo.password(settings.SECRET_KEY),
                    "secret": demo.authenticator(settings.SECRET_KEY)
                    if one.get("takes_second_step")
                    else "",
                }
                for one in result.get("accounts", [])
            ]
        answer.facts[action] = result
        if not given.json:
            print(f"· {action}{' (already there)' if outcome.replayed else ''}", flush=True)
    _leave(Path(settings.MEDIA_ROOT).parent / "demo.json", accounts)
    return answer


def _code() -> str:
    """The code of the demo's one authenticator secret, now. Raises Refusal without a demo."""
    if not settings.DEMO:
        raise Refusal(CoreCode.NOT_ALLOWED, role=T("시범 설치", "a demo installation"))
    return totp_code(demo.authenticator(settings.SECRET_KEY), int(clock.now().timestamp()))


def _leave(file: Path, accounts: list[dict[str, str]]) -> None:
    """Write the demo accounts where `dure run` reads them: a file of this user alone.

    Passwords stand in no answer, audit line or log; this file is where people find them.
    """
    if not accounts:
        return
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8") as written:
        json.dump({"accounts": accounts}, written, ensure_ascii=False)

"""`dure demo`: the synthetic demo district, through actions alone."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from django.conf import settings

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.catalogue import to_plain
from dure.interfaces.cli.answers import Answer
from dure.registry import demo


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    del name, parser


def command(name: str, given: argparse.Namespace) -> Answer:
    """Run each demo action under a key of its own, so that a second run changes nothing."""
    del name
    answer = Answer()
    accounts: list[dict[str, str]] = []
    for action in settings.DURE_DEMO:
        outcome = run(action, {}, Actor.operator(), key=f"demo:{action}:1")
        result = to_plain(outcome.result)
        if isinstance(result, dict):
            accounts += [
                {**one, "password": demo.password(settings.SECRET_KEY)}
                for one in result.get("accounts", [])
            ]
        answer.facts[action] = result
        if not given.json:
            print(f"· {action}{' (already there)' if outcome.replayed else ''}", flush=True)
    _leave(Path(settings.MEDIA_ROOT).parent / "demo.json", accounts)
    return answer


def _leave(file: Path, accounts: list[dict[str, str]]) -> None:
    """Write the demo accounts where `dure run` reads them: a file of this user alone.

    Passwords stand in no answer, audit line or log; this file is where people find them.
    """
    if not accounts:
        return
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8") as written:
        json.dump({"accounts": accounts}, written, ensure_ascii=False)

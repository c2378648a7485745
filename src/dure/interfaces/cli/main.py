"""The `dure` script's commands that need the rooms. Which module serves a command stands in
`COMMANDS`.
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from typing import Protocol

from dure.interfaces.cli.answers import REFUSED, WRONG_USE, Answer

# command → (module, what it does). Those of the operator need no action and say why in
# `OPERATOR_COMMANDS`.
COMMANDS: dict[str, tuple[str, str]] = {
    "check": ("operator", "look at this installation: database, migrations, worker, clock, space"),
    "work": ("operator", "run the worker that carries out jobs"),
    "demo": ("demo", "load the synthetic demo district"),
    "import": ("imports", "bring in organisations, repairs or factors from a file"),
    "export": ("exports", "write organisations, repairs or a release to a file"),
    "verify": ("verify", "recompute a downloaded release, or the books, and check the hashes"),
    "tally": ("tally", "count elections about money from Pabulib files"),
    "act": ("act", "run one action of the catalogue with a JSON body"),
    "actions": ("act", "list the catalogue of actions"),
}
# In `config.entry`: they need the database adapter, or run before Django does.
EARLY: dict[str, str] = {
    "run": "start database, web server and worker",
    "migrate": "bring the database up to date",
    "backup": "write an encrypted copy of everything",
    "restore": "read a backup into an empty database",
    "settings": "show every setting but secrets",
}
OPERATOR_COMMANDS: dict[str, str] = {
    "run": "starts processes; each change is made by the actions they run",
    "migrate": "changes tables as their owner, which no role of the application may",
    "backup": "reads everything, changes nothing",
    "restore": "writes into an empty database only, before anybody can act in it",
    "settings": "reads",
    "check": "reads",
    "work": "runs jobs, each of which is an action",
    "actions": "reads",
    "verify": "reads a file, asks no database",
    "tally": "reads files, asks no database",
    "export": "reads; a download of personal data is an action of its room",
}
WITHOUT_DATABASE = frozenset({"verify", "tally"})


class Command(Protocol):
    """A module of commands: it adds its arguments and runs."""

    def arguments(self, name: str, parser: argparse.ArgumentParser) -> None: ...
    def command(self, name: str, given: argparse.Namespace) -> Answer: ...


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(
        prog="dure", description="Dure (두레): the platform of a solidarity economy."
    )
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, words in sorted(
        {**EARLY, **{one: words for one, (_, words) in COMMANDS.items()}}.items()
    ):
        one = commands.add_parser(name, help=words, description=words)
        one.add_argument("--json", action="store_true", help="answer with one JSON object")
    return root


def main(arguments: list[str]) -> int:
    """Run one command; gives the exit code."""
    if not arguments or arguments[0] not in COMMANDS:
        given_help = bool(arguments) and arguments[0] in ("-h", "--help")
        parser().print_help(sys.stdout if given_help else sys.stderr)
        return 0 if given_help else WRONG_USE
    name = arguments[0]
    module_name, words = COMMANDS[name]
    os.environ.setdefault("DURE_QUIET", "1")
    if module_name not in WITHOUT_DATABASE:
        import django

        django.setup()
    module: Command = import_module(f"dure.interfaces.cli.{module_name}")
    one = argparse.ArgumentParser(prog=f"dure {name}", description=words)
    module.arguments(name, one)
    one.add_argument("--json", action="store_true", help="answer with one JSON object")
    parse = one.parse_intermixed_args if name == "verify" else one.parse_args
    try:
        given = parse(arguments[1:])
    except SystemExit as wrong:
        return WRONG_USE if wrong.code else 0
    from dure.core.errors import Refusal

    try:
        answer = module.command(name, given)
    except Refusal as refusal:
        answer = Answer()
        answer.refused_by(refusal)
    except OSError as error:
        answer = Answer()
        named = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        answer.refuse(
            "cli.file", f"파일을 쓸 수 없습니다: {named}.", f"The file cannot be used: {named}."
        )
    code = answer.show(as_json=given.json)
    assert (code == REFUSED) == (not answer.ok)
    return code

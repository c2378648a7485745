"""`dure check`, `dure check books` and `dure work`."""

from __future__ import annotations

import argparse

from dure.core.readiness import readiness
from dure.interfaces.cli.answers import Answer


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    if name == "work":
        parser.add_argument("--once", action="store_true", help="stop when no job is waiting")
    else:
        parser.add_argument(
            "what",
            nargs="?",
            choices=("installation", "books"),
            default="installation",
            help="books: compute the ledger again from its rows",
        )
        parser.add_argument(
            "--quick", action="store_true", help="of books: leave out body hashes and seals"
        )
        parser.add_argument(
            "--no-worker", action="store_true", help="do not ask for a running worker"
        )


def command(name: str, given: argparse.Namespace) -> Answer:
    answer = Answer()
    if name == "work":
        from dure.interfaces.jobs.worker import work

        work(once=given.once)
        return answer
    if given.what == "books":
        from dure.interfaces.cli.books import check_books

        return check_books(hashes=not given.quick)
    told = []
    for check in readiness():
        if given.no_worker and check.name in ("worker", "seal"):
            continue
        told.append({"name": check.name, "ok": check.ok})
        answer.say(f"{'✓' if check.ok else '✗'} {check.name}")
        if not check.ok and check.remedy:
            answer.refuse(f"check.{check.name}", check.remedy.ko, check.remedy.en)
    answer.facts["checks"] = told
    return answer

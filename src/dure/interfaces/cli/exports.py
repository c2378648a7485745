"""`dure export KIND`: each kind is served by its own module, named after what it writes out."""

from __future__ import annotations

import argparse
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from dure.interfaces.cli.answers import Answer
from dure.interfaces.cli.who import add_who

# kind → module of this package
KINDS = {
    "organisations": "organisations",
    "repairs": "repairs",
    "release": "releases",
    "books": "books_export",
}


class Kind(Protocol):
    """A module that writes out things of one kind."""

    def export_arguments(self, parser: argparse.ArgumentParser) -> None: ...
    def export_file(self, given: argparse.Namespace) -> Answer: ...


def _module(kind: str) -> Kind:
    module: Kind = import_module(f"dure.interfaces.cli.{KINDS[kind]}")
    return module


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    del name
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    for kind, module in KINDS.items():
        if find_spec(f"dure.interfaces.cli.{module}"):
            one = kinds.add_parser(kind)
            _module(kind).export_arguments(one)
            add_who(one)
            one.add_argument("--json", action="store_true", default=argparse.SUPPRESS)


def command(name: str, given: argparse.Namespace) -> Answer:
    del name
    return _module(given.kind).export_file(given)

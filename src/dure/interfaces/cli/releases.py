"""`dure export release`: write the bundle of a published release, and the published heads."""

from __future__ import annotations

import argparse
from pathlib import Path

from dure.core import heads
from dure.core.errors import CoreCode, Refusal
from dure.indicators import queries
from dure.interfaces.cli.answers import Answer


def export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--number", type=int, help="which release; the newest if left out")
    parser.add_argument("--output", metavar="FOLDER", default=".", help="where to write")


def export_file(given: argparse.Namespace) -> Answer:
    """Write `release-NNNN.zip` and `heads.txt`, the same bytes as the web page sends."""
    answer = Answer()
    release = queries.release_by_number(given.number) if given.number else queries.newest()
    if release is None:
        raise Refusal(CoreCode.NOT_FOUND)
    folder = Path(given.output)
    file = folder / f"{release.name}.zip"
    file.write_bytes(queries.bundle(release))
    (folder / "heads.txt").write_bytes(heads.text())
    answer.say(f"{file}: {release.head}")
    answer.facts = {
        "file": str(file),
        "number": release.number,
        "head": release.head,
        "sha256": release.zip_digest,
    }
    return answer

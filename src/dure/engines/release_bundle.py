"""Pack a release: every file, the head over them, and the container.

Nouns: a *bundle* is `release-NNNN.zip`; its *contents* are cells, definitions, factors, places,
revisions, public events, and the heads of the other chains at that moment.
Law: the same contents give the same bytes and the same head.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dure.engines import (
    published_heads,
    release_files,
    release_hash,
    release_metadata,
    stored_zip,
)
from dure.engines.measures import Measure
from dure.engines.published_heads import HeadLine
from dure.engines.release_compute import Spec
from dure.engines.release_grid import Key
from dure.engines.release_hash import Head
from dure.engines.release_metadata import Description

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a release consists of; rows are texts in the column order of `release_files`.

    `heads` are lines of the public list: the other sealed chains when the release was frozen.
    """

    cells: Mapping[Key, Measure]
    specs: Mapping[str, Spec]
    definitions: Rows
    factors: Rows
    places: Rows
    revisions: Rows
    events: Mapping[str, Rows]
    heads: Sequence[HeadLine] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files by path (head.txt among them), the head, and the container."""

    files: Mapping[str, bytes]
    head: str
    zip: bytes


def pack(
    contents: Contents, about: Description, *, cut_seq: int, cut_day: str, previous: str
) -> Bundle:
    """Write every file of a release and seal them.

    cut_seq, cut_day : last journal number and day that the computation saw
    previous         : head of the release before, or 64 zeros for the first
    Returns            files, head and container; byte-equal for equal arguments.
    Source             docs/open-data-format.md.
    """
    cells = release_files.cells_table(contents.cells, contents.specs)
    tables = {
        "cells.csv": cells,
        "definitions.csv": release_files.write_table(
            release_files.DEFINITIONS, contents.definitions
        ),
        "factors.csv": release_files.write_table(release_files.FACTORS, contents.factors),
        "places.csv": release_files.write_table(release_files.PLACES, contents.places),
        "revisions.csv": release_files.write_table(release_files.REVISIONS, contents.revisions),
    }
    for path, rows in contents.events.items():
        tables[path] = release_files.write_table(release_files.EVENTS, rows)
    files = {
        **tables,
        "datapackage.json": release_metadata.data_package(about, tables),
        "catalog.jsonld": release_metadata.catalogue(about, tables),
        "heads.txt": published_heads.write(contents.heads),
    }
    text, head = release_hash.write_head(
        Head(
            number=str(about.number),
            period=about.period,
            since=about.since,
            vintage=about.vintage,
            synthetic="yes" if about.synthetic else "no",
            cut_seq=str(cut_seq),
            cut_day=cut_day,
            frozen_at=about.issued,
            cells=len(contents.cells),
            cells_root=cells_root(cells),
            files=tuple(release_hash.file_line(path, files[path]) for path in files),
            previous=previous,
        )
    )
    files["head.txt"] = text
    return Bundle(files, head, stored_zip.write(files))


def cells_root(cells_csv: bytes) -> str:
    """Return the root over the lines of `cells.csv`, its header left out.

    >>> cells_root(b"header\\r\\n") == release_hash.root([])
    True
    """
    return release_hash.root(cells_csv.split(b"\r\n")[1:-1])

"""Files on their way out: what an action writes for one download, and the record it leaves.

Law: a download is an action; it writes its file into the spool, keeps one `ExportRecord` (who,
what, how many rows, why, its hash, until when) and gives the file's random name to the face, which
sends it once.
Source: trust.md, *exports*: reason, watermark, row cap, end.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from dure.core import clock, rulebook
from dure.core.actions import line
from dure.core.actors import Actor, ActorKind
from dure.core.errors import Refusal
from dure.core.models import ExportRecord
from dure.core.running import current
from dure.engines.tables_out import Value, csv_lines, write_xlsx
from dure.registry import spool
from dure.registry.errors import RegistryCode

Form = Literal["csv", "xlsx"]
RECORD = ("core_exportrecord",)


@dataclass(frozen=True, slots=True)
class ExportRef:
    """A written download: its record, its file in the spool, its rows and hash."""

    id: str
    file: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Export:
    """What is downloaded: a name of the kind, a form, what was asked and the columns it has."""

    kind: str
    form: str
    query: Mapping[str, object]
    columns: Sequence[str] = ()


def table(
    export: Export, title: str, rows: Iterable[Sequence[Value]], *, actor: Actor
) -> ExportRef:
    """Write a table as CSV or as a workbook, and keep its record.

    rows   : as many as a person may take at once (rule `export.rows_most`); one more is refused
    Raises Refusal(EXPORT_TOO_LONG); no file and no record stays behind.
    """
    counted = _Counted(rows, _most(actor))
    with _file() as (name, path):
        if export.form == "csv":
            _write(path, csv_lines(export.columns, counted))
        else:
            with path.open("r+b") as file:
                write_xlsx(file, title, export.columns, counted)
        return _recorded(export, name, path, counted.count, actor)


def text(export: Export, pieces: Iterable[bytes], rows: int, *, actor: Actor) -> ExportRef:
    """Write a file that comes in pieces, of so many rows, and keep its record; else as `table`."""
    if rows > (most := _most(actor)):
        raise _too_long(most)
    with _file() as (name, path):
        _write(path, pieces)
        return _recorded(export, name, path, rows, actor)


def record(
    export: Export, *, rows: int, size: int, sha256: str, watermark: str, actor: Actor
) -> str:
    """Keep the record of a file that was written elsewhere; gives its id."""
    now = clock.now()
    hours = rulebook.value("export.hours").integer
    made = ExportRecord.rows.create(
        actor_kind=actor.kind.value,
        actor=actor.id,
        kind=export.kind,
        format=export.form,
        query=dict(export.query),
        columns=list(export.columns),
        row_count=rows,
        size=size,
        sha256=sha256,
        reason=current().reason or "",
        watermark=watermark,
        made_at=now,
        expires_at=now + timedelta(hours=hours),
        audit=line().id,
    )
    line().object("core.export", made.pk)
    return str(made.pk)


class _Counted:
    """Rows that are counted as they pass; one too many is refused."""

    def __init__(self, rows: Iterable[Sequence[Value]], most: int) -> None:
        self.rows, self.most, self.count = rows, most, 0

    def __iter__(self) -> Iterator[Sequence[Value]]:
        rows = iter(self.rows)
        try:
            for row in rows:
                self.count += 1
                if self.count > self.most:
                    raise _too_long(self.most)
                yield row
        finally:
            if isinstance(rows, Generator):  # its cursor ends now, inside the action's transaction
                rows.close()


def _most(actor: Actor) -> int:
    """How many rows one download may have; the operator's commands write whole books."""
    if actor.kind is ActorKind.OPERATOR:
        return 2**63 - 1
    return rulebook.value("export.rows_most").integer


def _too_long(most: int) -> Refusal:
    return Refusal(RegistryCode.EXPORT_TOO_LONG, most=f"{most:,}")


@contextmanager
def _file() -> Iterator[tuple[str, Path]]:
    """A new empty file of the spool; it is gone again when the block fails."""
    spool.sweep()
    name = secrets.token_hex(16)
    path = spool.folder() / name
    path.touch(mode=0o600, exist_ok=False)
    try:
        yield name, path
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)


def _recorded(export: Export, name: str, path: Path, rows: int, actor: Actor) -> ExportRef:
    digest = spool.sha256_of(path)
    made = record(
        export,
        rows=rows,
        size=path.stat().st_size,
        sha256=digest,
        watermark=hashlib.sha256(name.encode()).hexdigest()[:16],
        actor=actor,
    )
    return ExportRef(made, name, rows, digest)

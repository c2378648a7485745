"""The port to the journal: every room's one way to state what happened (사실).

Callable only inside a running action; the journal, registered as the only sink, writes in the
same transaction. Law: no free text, no name, no address in a fact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from dure.core import running
from dure.core.ports import Port


@dataclass(frozen=True, slots=True)
class Row:
    """One fact. `source` is ``room.model:id:part``, unique, so that a replay writes nothing.

    `qty` is an integer in the label's base unit; `began`/`ended` default to the transaction
    clock; `evidence` is E, A, B or C (B and C need `proof`); `giver`/`taker` are person ids that
    the journal turns into party keys; `corrects` names the event id that this row reverses
    (`correction` = "reversal") or replaces ("restatement"). `amount` is the won paid and
    `transfer` the key of the ledger's row that paid it: both or neither.
    """

    source: str
    qty: int
    district: str
    org: UUID | None = None
    began: datetime | None = None
    ended: datetime | None = None
    evidence: str = "A"
    proof: UUID | None = None
    dims: dict[str, str] = field(default_factory=dict)
    case_id: UUID | None = None
    giver: UUID | None = None
    taker: UUID | None = None
    other_org: UUID | None = None
    factor: str | None = None
    gco2e: int | None = None
    amount: int | None = None
    transfer: UUID | None = None
    corrects: UUID | None = None
    correction: str | None = None
    reason: str | None = None


Meanwhile = Callable[[], AbstractContextManager[None]]
Sink = Callable[[str, Sequence[Row], Meanwhile], int]
SINK: Port[Sink] = Port("facts.sink", served_by="journal")


EVENTS = UUID("4a2b7c64-53c1-4d0b-9b0e-2f7d1a9be6a1")


def event_id(source: str) -> UUID:
    """The id of the event that a source wrote, so that the room can correct it later.

    >>> event_id("registry.year:1") == event_id("registry.year:1")
    True
    """
    return uuid5(EVENTS, source)


def note(label: str, *, rows: Sequence[Row], meanwhile: Meanwhile = nullcontext) -> int:
    """State facts under one standard label; gives the number of new journal rows.

    meanwhile : opens a block in which rows are checked and the database is not asked, so that it
                may work at what the caller sent; not opened where there is no row

    Raises the journal's refusals (unknown label, wrong unit, bad time, missing proof).
    """
    present = running.current()
    present.labels.add(label)
    return SINK.call(label, rows, meanwhile)

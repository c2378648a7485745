"""What an auditor sees of the books: the last check, seals and heads, books with a journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from dure.core import audit_reading, heads
from dure.core.actors import Actor
from dure.core.heads import Head
from dure.core.models import PublishedHead, Seal, SealHead
from dure.core.models.audit import AuditLine
from dure.core.text import T
from dure.engines.ledger_rows import CHAIN
from dure.ledger.models import Transfer

from . import keeping
from .checks import PARTS, Fault
from .keeping import BookView
from .proof import Published

CHECK = "ledger.books.check"
PUBLISHED_SHOWN = 10
# fault → the part of the check that finds it
PART_OF = {
    "balance": "replay", "held": "replay", "account": "replay",
    "limit": "accounts", "sum": "accounts", "clearing": "accounts",
    "ref": "refs", "period": "periods", "lot": "lots", "body": "bodies",
    "seal": "seals", "head": "seals",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PartTold:
    """One part of the last check; `faults` are those that its audit line names."""

    part: str
    text: T
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class LastCheck:
    """The newest check of the books. Its line names at most 100 faults.

    `parts` is None for who may not read lines of the whole installation.
    """

    at: datetime
    transfers: int
    faults: int
    parts: tuple[PartTold, ...] | None


@dataclass(frozen=True, slots=True)
class Books:
    """The state of the books: last check, head, rows that wait for a seal, published heads."""

    check: LastCheck | None
    head: Head | None
    waiting: int
    published: tuple[Published, ...]
    books: tuple[BookView, ...]


def overview(actor: Actor) -> Books:
    """The state of the books for who reads the audit, else ``core.not_allowed``.

    Nothing is computed again here: the verdict is that of the last nightly check.
    """
    audit_reading.lines(actor, {})  # refuses who may read no line
    head = next((one for one in heads.newest() if one.chain == CHAIN and one.number > 0), None)
    kept = SealHead.rows.filter(chain=CHAIN).first()
    waiting = Transfer.rows.filter(batch__gte=kept.horizon if kept else 0).count()
    published = PublishedHead.rows.filter(chain=CHAIN).order_by("-id")[:PUBLISHED_SHOWN]
    return Books(
        check=newest_check(actor),
        head=head,
        waiting=waiting,
        published=tuple(
            Published(one.occasion, one.name, one.number, bytes(one.digest).hex(), one.published_at)
            for one in published
        ),
        books=keeping.kept(actor),
    )


def newest_check(actor: Actor) -> LastCheck | None:
    """When the books were last checked, and what was seen; None before the first time."""
    row = AuditLine.rows.filter(action=CHECK, outcome="done").order_by("-seq").first()
    if row is None or not row.result:
        return None
    seen = int(row.result["transfers"]), int(row.result["faults"])
    may_read = audit_reading.lines(actor, {}).filter(pk=row.pk).exists()
    return LastCheck(row.at, *seen, _parts(row) if may_read else None)


def _parts(row: AuditLine) -> tuple[PartTold, ...]:
    found: dict[str, list[Fault]] = {part: [] for part in PARTS}
    for named, _old, detail in audit_reading.view(row).changes:
        fault, _, place = named.partition(" ")
        found[PART_OF.get(fault, "replay")].append(Fault(fault, place, detail))
    return tuple(PartTold(part, PARTS[part][1], tuple(faults)) for part, faults in found.items())


def seals(actor: Actor) -> QuerySet[Seal]:
    """The seals of the ledger, newest first; ids and digests alone."""
    audit_reading.lines(actor, {})
    found: QuerySet[Seal] = Seal.rows.filter(chain=CHAIN).order_by("-number")
    return found

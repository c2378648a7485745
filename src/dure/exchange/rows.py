"""The rows of cases: what a step reads and writes, through one port, for one case or for many.

Nouns: *rows* is the port; the plain one asks the database and writes at once, for a single step;
that of a set (`setwise`) has read what its cases need beforehand and writes all of it at the end.
Law: guards, effects and the interpreter come to rows by here alone, so that what a step means is
written once, whether one case takes it or five hundred.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db.models import F, Model, Q, QuerySet

from dure.core import facts, notices, rulebook
from dure.core.actions import line
from dure.core.rulebook import RuleValue
from dure.exchange.models import (
    Agreement,
    Asset,
    Attestation,
    Claim,
    Commitment,
    Party,
    Pool,
    Timer,
)
from dure.exchange.models.commitments import OPEN
from dure.ledger.models import Account, Transfer

HOLD, ENDS = 1, (2, 3, 4)
LAST = UUID(int=2**128 - 1)


class Rows:
    """The plain port: each question and each change is a statement of its own."""

    # --- reading

    def parties(self, agreement: Agreement) -> list[Party]:
        """Who is in a case, in the order of their ids."""
        return list(parties_of([agreement.pk]))

    def said(self, agreement: Agreement) -> list[Attestation]:
        """What was said of a case, oldest first."""
        return list(said_of([agreement.pk]))

    def claims(self, agreement: Agreement) -> list[Claim]:
        """What a case asks of pools and has not taken back; in the order of the pools' stock."""
        return claims_of([agreement.pk])

    def promised(self, agreement: Agreement) -> list[Commitment]:
        """The open promises of a case."""
        return list(promised_of([agreement.pk]))

    def open_holds(self, agreement_id: UUID) -> list[Transfer]:
        """What is held for a case now, oldest first."""
        return list(holds_of([agreement_id]))

    def accounts(
        self, people: Sequence[UUID], organisations: Sequence[UUID], unit: str
    ) -> list[Account]:
        """Main accounts of these owners in a unit that are not closed."""
        owned = Q(owner_person__in=people) | Q(owner_organisation__in=organisations)
        return list(accounts_of(owned).filter(unit__code=unit))

    def are_open(self, account_ids: Iterable[int]) -> bool:
        """Whether all these accounts take rows."""
        rows = Account.rows.filter(pk__in=set(account_ids))
        return not rows.exclude(status=Account.Status.OPEN).exists()

    def rule(self, key: str, scopes: tuple[tuple[str, str], ...] = ()) -> RuleValue:
        """What the rulebook says."""
        return rulebook.value(key, scopes=scopes)

    # --- writing

    def add(self, row: Model) -> None:
        """Write a new row of a case."""
        row.save(force_insert=True)

    def change(self, row: Model, *fields: str) -> None:
        """Write fields of a row that changed."""
        row.save(update_fields=fields)

    def drop(self, row: Model) -> None:
        """Take a row away: a party that was let go."""
        row.delete()

    def stock(self, asset_id: UUID, reserved: int, used: int = 0) -> bool:
        """Reserve more (or less) of an asset and take what was used out of it; one statement, so
        that two never take the same. Whether there was enough."""
        rows = Asset.rows.filter(pk=asset_id, stock__gte=F("reserved") + reserved)
        done: int = rows.update(
            reserved=F("reserved") + reserved, stock=F("stock") - used, audit=line().id
        )
        return done > 0

    def enter(self, agreement: Agreement, timers: Sequence[Timer]) -> None:
        """Write the state that a case is in now; its old timers go, these come."""
        Timer.rows.filter(agreement=agreement, fired_at__isnull=True).delete()
        agreement.save(update_fields=["state", "entered_at", "closed_at", "audit"])
        Timer.rows.bulk_create(timers)

    def note(self, label: str, row: facts.Row) -> int:
        """State a fact of a case; gives the number of new events."""
        return facts.note(label, rows=[row])

    def tell(self, people: Sequence[UUID], code: str, places: Mapping[str, str]) -> None:
        """Send the same notice to people of a case."""
        notices.tell_many(people, code, places=places)


_PLAIN = Rows()
_here: ContextVar[Rows] = ContextVar("dure_exchange_rows", default=_PLAIN)


def here() -> Rows:
    """The rows that the running step works with."""
    return _here.get()


@contextmanager
def through(port: Rows) -> Iterator[None]:
    """Have every step inside the block work with these rows."""
    token = _here.set(port)
    try:
        yield
    finally:
        _here.reset(token)


# --- the questions, for one case or for many


def parties_of(ids: Sequence[UUID]) -> QuerySet[Party]:
    """Parties of cases."""
    found: QuerySet[Party] = Party.rows.filter(agreement__in=ids).order_by("id")
    return found


def said_of(ids: Sequence[UUID]) -> QuerySet[Attestation]:
    """Attestations of cases."""
    found: QuerySet[Attestation] = Attestation.rows.filter(agreement__in=ids).order_by("seq")
    return found


def claims_of(ids: Sequence[UUID]) -> list[Claim]:
    """Claims of cases that stand, in the order of their pools' stock; one pool is one object.

    What a step never looks at (the reason told to people) is not read.
    """
    rows = Claim.rows.filter(agreement__in=ids, withdrawn_at=None).defer("reason", "made_at")
    found = list(rows)
    pools = Pool.rows.in_bulk({one.pool_id for one in found})
    for one in found:
        one.pool = pools[one.pool_id]
    return sorted(found, key=lambda one: (one.pool.asset_id or LAST, one.pk))


def promised_of(ids: Sequence[UUID]) -> QuerySet[Commitment]:
    """Open commitments of cases."""
    rows = Commitment.rows.filter(agreement__in=ids, state__in=OPEN)
    found: QuerySet[Commitment] = rows.order_by("asset_id", "pk")
    return found


def holds_of(groups: Sequence[UUID]) -> list[Transfer]:
    """Holds of transfer groups that were not ended."""
    rows = Transfer.rows.filter(grp__in=groups, kind=HOLD).select_related("debit")
    held = list(rows.order_by("pk"))
    ended = Transfer.rows.filter(grp__in=groups, kind__in=ENDS)
    gone = set(ended.values_list("ref_id", flat=True))
    return [one for one in held if one.pk not in gone]


def accounts_of(owned: Q) -> QuerySet[Account]:
    """Main accounts that are not closed."""
    rows = Account.rows.filter(owned, parent=None, lot=None)
    found: QuerySet[Account] = rows.exclude(status=Account.Status.CLOSED).select_related(
        "book", "unit"
    )
    return found

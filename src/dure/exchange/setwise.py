"""The rows of a set of cases: read together, changed in memory, written together.

Law: what a case reads here is what it would have read alone after the cases before it; what a
refused case changed is forgotten. Each question is asked once a set, when the first case asks it.
Assets are locked before the first look at their stock, ids rising.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q

from dure.core import facts
from dure.core.rulebook import RuleValue
from dure.exchange import rows
from dure.exchange.models import Agreement, Asset, Attestation, Claim, Commitment, Party, Timer
from dure.exchange.models.commitments import OPEN
from dure.ledger.models import Account, Transfer
from dure.ledger.posting import Kind, Movement

R = TypeVar("R")


@dataclass(slots=True)
class Written:
    """What cases have changed so far."""

    added: list[Model] = field(default_factory=list)
    changed: list[tuple[Model, tuple[str, ...]]] = field(default_factory=list)
    dropped: list[Model] = field(default_factory=list)
    stocks: dict[UUID, tuple[int, int]] = field(default_factory=dict)  # reserved, used
    entered: list[tuple[Agreement, Sequence[Timer]]] = field(default_factory=list)
    facts: list[tuple[str, facts.Row]] = field(default_factory=list)
    told: list[tuple[UUID, str, Mapping[str, str]]] = field(default_factory=list)

    def take(self, other: Written) -> None:
        """Add what one more case has changed."""
        self.added += other.added
        self.changed += other.changed
        self.dropped += other.dropped
        for asset, (reserved, used) in other.stocks.items():
            before = self.stocks.get(asset, (0, 0))
            self.stocks[asset] = before[0] + reserved, before[1] + used
        self.entered += other.entered
        self.facts += other.facts
        self.told += other.told


class Gathered(rows.Rows):
    """Rows of cases of which each sees the value that those before it have gathered to move.

    Else as the plain port: a set that is taken case by case.
    """

    def __init__(self) -> None:
        self._shifts: dict[int, tuple[int, int, int]] = {}  # balance, held out, held in
        self._amounts: dict[int, int] = {}

    def gather(self, movements: Iterable[Movement]) -> None:
        """Count in what a case that moved will post at the end of the set."""
        for one in movements:
            held = self._amounts.get(one.ref or 0, one.amount)
            amount = one.amount if one.kind in MOVES else 0
            freed = held if one.kind in FREES else 0
            taken = one.amount if one.kind is Kind.HOLD else 0
            self._shift(one.debit, -amount, taken - freed, 0)
            self._shift(one.credit, amount, 0, taken - freed)

    def _shift(self, account: int, balance: int, out: int, into: int) -> None:
        before = self._shifts.get(account, (0, 0, 0))
        self._shifts[account] = before[0] + balance, before[1] + out, before[2] + into

    def shifted(self, account: Account) -> Account:
        """An account as it will stand when what is gathered has been posted."""
        balance, out, into = self._shifts.pop(account.pk, (0, 0, 0))
        account.balance += balance
        account.held_out += out
        account.held_in += into
        return account

    def accounts(
        self, people: Sequence[UUID], organisations: Sequence[UUID], unit: str
    ) -> list[Account]:
        found = super().accounts(people, organisations, unit)
        kept = dict(self._shifts)
        shifted = [self.shifted(one) for one in found]
        self._shifts = kept  # read afresh each time, so shifted each time
        return shifted

    def open_holds(self, agreement_id: UUID) -> list[Transfer]:
        found = super().open_holds(agreement_id)
        self._amounts.update({one.pk: one.amount for one in found})
        return found


MOVES = (Kind.POST, Kind.SETTLE)
FREES = (Kind.SETTLE, Kind.VOID, Kind.EXPIRE)


class Together(Gathered):
    """The rows of a set, all in memory until they are written by `setwise_writing`."""

    def __init__(self, agreements: Sequence[Agreement]) -> None:
        super().__init__()
        self.ids = [one.pk for one in agreements]
        self.hosts = {one.organisation_id for one in agreements} - {None}
        self.written = Written()
        self._now = Written()
        self._rules: dict[tuple[object, ...], RuleValue] = {}
        self._status: dict[int, str] = {}

    @contextmanager
    def case(self) -> Iterator[None]:
        """One case: what it changes counts when the block ends well, else it is forgotten."""
        self._now = Written()
        yield
        self.written.take(self._now)

    # --- reading

    @cached_property
    def _parties(self) -> dict[UUID, list[Party]]:
        return _by_case(rows.parties_of(self.ids), "agreement_id")

    @cached_property
    def _said(self) -> dict[UUID, list[Attestation]]:
        return _by_case(rows.said_of(self.ids), "agreement_id")

    @cached_property
    def _claims(self) -> dict[UUID, list[Claim]]:
        return _by_case(rows.claims_of(self.ids), "agreement_id")

    @cached_property
    def _promised(self) -> dict[UUID, list[Commitment]]:
        return _by_case(rows.promised_of(self.ids), "agreement_id")

    @cached_property
    def _holds(self) -> dict[UUID, list[Transfer]]:
        found = rows.holds_of(self.ids)
        self._amounts.update({one.pk: one.amount for one in found})
        return _by_case(found, "grp")

    @cached_property
    def _owned(self) -> dict[UUID, list[Account]]:
        parties = [one for group in self._parties.values() for one in group]
        people = {one.person for one in parties} - {None}
        ours = {one.organisation_id for one in parties} - {None} | self.hosts
        owned = Q(owner_person__in=people) | Q(owner_organisation__in=ours)
        found: dict[UUID, list[Account]] = {}
        for account in rows.accounts_of(owned):
            owner = account.owner_person_id or account.owner_organisation_id
            assert owner is not None
            found.setdefault(owner, []).append(account)
        return found

    def parties(self, agreement: Agreement) -> list[Party]:
        return list(self._parties.get(agreement.pk, ()))

    def said(self, agreement: Agreement) -> list[Attestation]:
        return list(self._said.get(agreement.pk, ()))

    def claims(self, agreement: Agreement) -> list[Claim]:
        return list(self._claims.get(agreement.pk, ()))

    def promised(self, agreement: Agreement) -> list[Commitment]:
        return [one for one in self._promised.get(agreement.pk, ()) if one.state in OPEN]

    def open_holds(self, agreement_id: UUID) -> list[Transfer]:
        return list(self._holds.get(agreement_id, ()))

    def accounts(
        self, people: Sequence[UUID], organisations: Sequence[UUID], unit: str
    ) -> list[Account]:
        owners = dict.fromkeys((*people, *organisations))
        found = [one for owner in owners for one in self._owned.get(owner, ())]
        return [self.shifted(one) for one in found if one.unit.code == unit]

    def are_open(self, account_ids: Iterable[int]) -> bool:
        wanted = set(account_ids)
        unknown = wanted - self._status.keys()
        if unknown:
            held = [one for group in self._holds.values() for one in group]
            unknown |= {end for one in held for end in (one.debit_id, one.credit_id)}
            found = Account.rows.filter(pk__in=unknown).values_list("pk", "status")
            self._status |= dict(found)
        return all(self._status[one] == Account.Status.OPEN for one in wanted)

    def rule(self, key: str, scopes: tuple[tuple[str, str], ...] = ()) -> RuleValue:
        return _once(self._rules, (key, scopes), lambda: super(Together, self).rule(key, scopes))

    # --- changing

    def add(self, row: Model) -> None:
        self._now.added.append(row)
        if isinstance(row, Attestation):
            self._said.setdefault(row.agreement_id, []).append(row)
        elif isinstance(row, Party):
            self._parties.setdefault(row.agreement_id, []).append(row)
        elif isinstance(row, Commitment):
            self._promised.setdefault(row.agreement_id, []).append(row)

    def change(self, row: Model, *fields: str) -> None:
        self._now.changed.append((row, fields))

    def drop(self, row: Model) -> None:
        assert isinstance(row, Party), row
        self._now.dropped.append(row)
        self._parties[row.agreement_id].remove(row)

    @cached_property
    def _stocks(self) -> dict[UUID, tuple[int, int]]:
        """Stock and what is reserved of it, of every asset that a case of the set may touch."""
        claimed = {one.pool.asset_id for group in self._claims.values() for one in group}
        promised = {one.asset_id for group in self._promised.values() for one in group}
        wanted = (claimed | promised) - {None}
        locked = Asset.rows.filter(pk__in=wanted).order_by("pk").select_for_update(no_key=True)
        return {key: (stock, held) for key, stock, held in locked.values_list(*_STOCK)}

    def stock(self, asset_id: UUID, reserved: int, used: int = 0) -> bool:
        have, held = self._stocks[asset_id]
        of_set = self.written.stocks.get(asset_id, (0, 0))
        of_case = self._now.stocks.get(asset_id, (0, 0))
        held += of_set[0] + of_case[0]
        have -= of_set[1] + of_case[1]
        if have < held + reserved:
            return False
        self._now.stocks[asset_id] = of_case[0] + reserved, of_case[1] + used
        return True

    def enter(self, agreement: Agreement, timers: Sequence[Timer]) -> None:
        self._now.entered.append((agreement, timers))

    def note(self, label: str, row: facts.Row) -> int:
        self._now.facts.append((label, row))
        return 1

    def tell(self, people: Sequence[UUID], code: str, places: Mapping[str, str]) -> None:
        self._now.told += [(one, code, places) for one in people]


_STOCK = ("pk", "stock", "reserved")


def _by_case(found: Iterable[R], key: str) -> dict[UUID, list[R]]:
    grouped: dict[UUID, list[R]] = {}
    for one in found:
        grouped.setdefault(getattr(one, key), []).append(one)
    return grouped


def _once(known: dict[Any, R], key: object, ask: Callable[[], R]) -> R:  # Any: any key
    if key not in known:
        known[key] = ask()
    return known[key]

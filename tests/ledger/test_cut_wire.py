"""The wire is cut at every message of a payment; the same key again has one effect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.db import DatabaseError, InterfaceError, connections

from dure.config.database import Server
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.models import AuditLine
from dure.ledger.models import Account, Transfer
from tests.harness.cut_wire import CutWire, wired
from tests.harness.people import organisation, person
from tests.ledger.books import account, book, fund

MESSAGES_MAX = 60


@dataclass
class Paying:
    """Two accounts of one person, a proxy before the database, and the payment."""

    wire: CutWire
    actor: Actor
    debit: Account
    credit: Account
    name: str = "ledger.transfer.post"

    def body(self, amount: int = 7) -> dict[str, object]:
        sides = {"debit": str(self.debit.pk), "credit": str(self.credit.pk), "unit": "TIME"}
        body: dict[str, object] = {**sides, "amount": amount, "purpose": "test.wire"}
        if self.name == "ledger.hold.place":  # takes the whole door, not the short road
            body["expires_at"] = "2099-01-01T00:00:00+09:00"
        return body

    def pay(self, key: str) -> bool:
        """One try; whether it was answered."""
        try:
            run(self.name, self.body(), self.actor, key=key)
        except (DatabaseError, InterfaceError):
            connections["default"].close()
            return False
        return True

    def effects(self, key: str) -> tuple[int, int]:
        lines = AuditLine.rows.using("side").filter(key=key)
        rows = Transfer.rows.using("side").filter(audit__in=[line.id for line in lines])
        return len(lines), rows.count()


@pytest.fixture
def paying(commits: str, server: Server) -> Iterator[Paying]:
    who = person()
    within = book(of=organisation())
    source = account(within, lo=None, hi=None)
    mine = [account(within, owner_person=who) for _ in range(2)]
    fund(source, mine, 10_000)
    with wired(server) as wire:
        yield Paying(wire, Actor.person(who.id, origin="test"), mine[0], mine[1])


@pytest.mark.parametrize("name", ["ledger.transfer.post", "ledger.hold.place"])
def test_a_cut_at_every_message_has_one_effect(paying: Paying, name: str) -> None:
    paying.name = name
    assert paying.pay(str(uuid4()))
    cuts = 0
    for pass_on in (True, False):
        for number in range(1, MESSAGES_MAX):
            key = str(uuid4())
            before = paying.wire.cuts
            paying.wire.cut_at_message(number, pass_on=pass_on)
            tries = 1
            while not paying.pay(key):
                tries += 1
                assert tries < 5
            assert paying.effects(key) == (1, 1), (number, pass_on)
            if paying.wire.cuts == before:
                break  # the payment has fewer messages
            cuts += 1
    paying.wire.cut_at_message(-1, pass_on=True)
    assert cuts >= 2
    moved = Account.rows.using("side").get(pk=paying.debit.pk)
    assert 10_000 - moved.balance + moved.held_out == 7 * (cuts + 3)


def test_same_key_with_another_body_is_refused(paying: Paying) -> None:
    key = str(uuid4())
    paying.wire.cut_at(b"COMMIT", pass_on=True)
    paying.pay(key)
    paying.wire.word = None
    assert paying.pay(key)
    with pytest.raises(Refusal) as told:
        run(paying.name, paying.body(8), paying.actor, key=key)
    assert told.value.code is CoreCode.KEY_REUSED
    assert paying.effects(key) == (1, 1)


def test_a_new_key_on_retry_pays_twice(paying: Paying) -> None:
    """Negative control: a client that makes a new key after a lost answer."""
    paying.name = "ledger.hold.place"
    paying.wire.cut_at(b"COMMIT", pass_on=True)
    assert not paying.pay(str(uuid4()))
    assert paying.pay(str(uuid4()))
    assert Transfer.rows.using("side").filter(purpose="test.wire").count() == 2

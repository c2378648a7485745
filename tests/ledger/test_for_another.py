"""Hours of a person without a phone: staff send them, never to themselves, and both are written."""

from __future__ import annotations

from uuid import UUID

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models import AuditLine
from dure.ledger.models import Account, Transfer
from tests.harness import people
from tests.ledger.givens import a_book, an_account, an_issuer, balance
from tests.registry.test_acting import allow, begin

pytestmark = pytest.mark.django_db


class Counter:
    """A time bank, a neighbour without a phone, and the member of staff who acts for her."""

    def __init__(self) -> None:
        book = a_book()
        an_issuer(book)
        witness = people.person_with(Role.STAFF, district=people.MAPO)
        self.helper = people.person_with(Role.STAFF, district=people.MAPO)
        self.person = UUID(str(people.person(people.MAPO).id))
        self.hers = an_account(book, owner=Actor.person(self.person), lo=-500)
        self.ben = an_account(book, owner=people.person_with(Role.RESIDENT))
        self.helpers = an_account(book, owner=self.helper)
        allow(witness, self.helper, self.person)
        self.actor = begin(self.helper, self.person)

    def sends(self, debit: Account, credit: Account, actor: Actor) -> None:
        body = {
            "debit": str(debit.pk), "credit": str(credit.pk), "amount": 60, "unit": "TIME",
            "purpose": "timebank.visit",
        }  # fmt: skip
        run("ledger.transfer.post", body, actor)


def test_staff_send_hours_of_the_person_and_the_line_carries_both() -> None:
    counter = Counter()
    counter.sends(counter.hers, counter.ben, counter.actor)
    assert balance(counter.hers) == (-60, 0, 0)
    line = AuditLine.rows.get(action="ledger.transfer.post")
    assert (line.actor, line.acting_for) == (counter.helper.id, counter.person)


def test_staff_do_not_stand_on_both_sides() -> None:
    counter = Counter()
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        counter.sends(counter.hers, counter.helpers, counter.actor)
    assert Transfer.rows.count() == 0


def test_acting_opens_the_persons_account_and_not_ones_own() -> None:
    counter = Counter()
    with pytest.raises(Refusal, match=r"core\.(not_allowed|not_found)"):
        counter.sends(counter.helpers, counter.ben, counter.actor)
    with pytest.raises(Refusal, match=r"core\.(not_allowed|not_found)"):
        counter.sends(counter.hers, counter.ben, counter.helper)
    assert Transfer.rows.count() == 0

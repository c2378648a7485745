"""How a currency moves, from rows to figures: against a count by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from dure.core import clock as transaction_clock
from dure.core.actors import Role
from dure.core.door import load_grants
from dure.core.errors import Refusal
from dure.ledger.models import Programme
from dure.ledger.posting import Movement
from dure.ledger.queries import circulation
from tests.harness import people
from tests.harness.clock import Clock
from tests.ledger.programmes import a_runner, member, opened, posted, rule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at("2026-06-01T10:00:00+09:00")


def pay(debit: int, credit: int, amount: int, on: str, **more: object) -> int:
    day = date.fromisoformat(on)
    return posted(Movement(debit, credit, amount, "시험", event_date=day, **more))[0]  # type: ignore[arg-type]  # columns by name


def figures(programme: Programme, since: str, until: str) -> circulation.Circulation:
    organisation = programme.book.organisation
    keeper = people.person_with(Role.TREASURER, organisation=organisation)
    actor = load_grants(keeper, transaction_clock.now())
    days = date.fromisoformat(since), date.fromisoformat(until)
    return circulation.figures(actor, str(programme.pk), *days)


def test_figures_of_a_month_agree_with_a_count_by_hand(clock: Clock) -> None:
    programme = opened("timebank", a_runner(), rule("grant", 0))
    anna, ben, cho, dan = (member(programme)[1].pk for _ in range(4))
    issuer = programme.issuer_id
    assert issuer is not None
    clock.at("2026-07-15T10:00:00+09:00")
    pay(issuer, anna, 600, "2026-06-01")
    pay(issuer, dan, 300, "2026-06-16")
    pay(anna, ben, 300, "2026-06-02")
    pay(ben, cho, 200, "2026-06-10")
    pay(cho, anna, 100, "2026-06-20")
    wrong = pay(anna, ben, 50, "2026-06-21")
    pay(ben, anna, 50, "2026-06-22", kind=5, ref=wrong)
    pay(dan, issuer, 300, "2026-07-02")
    pay(ben, anna, 7, "2026-07-03")

    june = figures(programme, "2026-06-01", "2026-06-30")
    assert (june.sent, june.undone, june.owners) == (650, 50, 4)
    assert june.circulating == 900
    assert june.circulating_mean == Fraction(600 * 15 + 900 * 15, 30) == 750
    assert june.velocity == Fraction(600, 750)
    assert june.velocity_year == Fraction(600, 750) * Fraction(365, 30)
    assert june.idle == Fraction(300, 900)  # dan sent nothing; anna 400, ben 100, cho 100
    assert june.top == Fraction(400, 900)
    assert june.gini == Fraction(-3 * 100 - 100 + 300 + 3 * 400, 4 * 900)
    assert dict(june.cycles.counts) == {2: 0, 3: 1, 4: 0, 5: 0}
    assert june.cycles.portion == 1

    july = figures(programme, "2026-07-01", "2026-07-10")
    assert (july.circulating, july.sent) == (600, 7)
    assert july.circulating_mean == Fraction(900 + 600 * 9, 10)


def test_figures_are_for_who_keeps_the_programme() -> None:
    programme = opened("timebank", a_runner(), rule("grant", 0))
    someone, _account = member(programme)
    days = date(2026, 6, 1), date(2026, 6, 1)
    empty = figures(programme, "2026-06-01", "2026-06-01")
    assert (empty.velocity, empty.idle, empty.top, empty.gini) == (None, None, None, None)
    with pytest.raises(Refusal, match=r"core\.not_found"):
        circulation.figures(load_grants(someone, transaction_clock.now()), str(programme.pk), *days)

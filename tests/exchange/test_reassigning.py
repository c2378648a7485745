"""A role given to somebody else: by a coordinator, told to both, never to herself, never while
something is held for who leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models import AuditLine
from dure.core.models.work import Notice
from dure.exchange.models import Agreement, Commitment, Party
from dure.exchange.queries import happenings
from tests.exchange.neighbours import NOW, Bank, ask, at, bank, hold, library, offer, step
from tests.harness.clock import Clock
from tests.harness.people import JONGNO, MAPO, person_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


@pytest.fixture
def here() -> Bank:
    return bank()


@pytest.fixture
def keeper() -> Actor:
    return person_with(Role.STAFF, district=MAPO)


def give(actor: Actor, case: str, role: str, to: Actor) -> None:
    body = {"agreement_id": case, "role": role, "person_id": str(to.id)}
    run("exchange.agreement.reassign", body, actor, reason="다쳐서 못 오십니다")


def refused(code: str, actor: Actor, case: str, role: str, to: Actor) -> str:
    before = sorted(Party.rows.values_list("role", "person")), Notice.rows.count()
    with pytest.raises(Refusal) as caught:
        give(actor, case, role, to)
    assert caught.value.name == code
    assert before == (sorted(Party.rows.values_list("role", "person")), Notice.rows.count())
    return caught.value.sentence("ko")


def test_coordinator_binds_another_and_both_are_told(here: Bank, keeper: Actor) -> None:
    anna, ben, carla = (here.neighbour() for _ in range(3))
    case = ask(anna, offer(ben))
    told = list(Notice.rows.values_list("pk", flat=True))
    give(keeper, case, "provider", carla)
    assert dict(Party.rows.values_list("role", "person")) == {
        "requester": anna.id,
        "provider": carla.id,
    }
    new = Notice.rows.exclude(pk__in=told)
    assert {(n.person, n.template) for n in new} == {
        (ben.id, "exchange.freed"),
        (carla.id, "exchange.bound"),
    }
    line = AuditLine.rows.get(action="exchange.agreement.reassign")
    assert line.reason == "다쳐서 못 오십니다"
    assert line.changes == {"provider": [str(ben.id), str(carla.id)]}
    with pytest.raises(Refusal, match=r"core\.not_found"):
        step(ben, case, "accept")
    assert step(carla, case, "accept") == "scheduled"
    assert here.balance(carla) == (0, 0, 60)


def test_history_says_what_was_done_and_noted(here: Bank, keeper: Actor) -> None:
    anna, ben, carla = (here.neighbour() for _ in range(3))
    case = ask(anna, offer(ben))
    run("exchange.agreement.note", {"agreement_id": case, "text": "뒷문으로 와 주세요"}, anna)
    give(keeper, case, "provider", carla)
    told = happenings.history(Agreement.rows.get(pk=case))
    assert [one.text for one in told] == ["시작함", "메모를 남김", "역할을 다른 이웃에게 맡김"]
    assert [one.why for one in told][1:] == ["뒷문으로 와 주세요", "다쳐서 못 오십니다"]


def test_who_leaves_may_hold_nothing_for_the_case(here: Bank, keeper: Actor) -> None:
    anna, ben, carla = (here.neighbour() for _ in range(3))
    case = ask(anna, offer(ben))
    step(ben, case, "accept")
    for role in ("requester", "provider"):
        assert "맡아 둔 것" in refused("exchange.not_reassigned", keeper, case, role, carla)
    gift = ask(anna, offer(ben, reciprocity="gift"))
    step(ben, gift, "accept")
    give(keeper, gift, "provider", carla)


def test_nobody_gives_herself_or_a_party_a_role_and_no_party_gives_any(
    here: Bank, keeper: Actor
) -> None:
    anna, ben = here.neighbour(), here.neighbour()
    case = ask(anna, offer(ben))
    assert "스스로" in refused("exchange.not_reassigned", keeper, case, "provider", keeper)
    assert "당사자" in refused("exchange.not_reassigned", keeper, case, "provider", anna)
    assert "없습니다" in refused(
        "exchange.not_reassigned", keeper, case, "coordinator", here.neighbour()
    )
    refused("core.not_allowed", anna, case, "provider", here.neighbour())
    refused("core.not_found", person_with(Role.STAFF, district=JONGNO), case, "provider", anna)
    own = ask(keeper, offer(ben))
    refused("core.not_allowed", keeper, own, "provider", here.neighbour())
    weak = replace(person_with(Role.STAFF, district=MAPO), assured=False)
    refused("core.second_step", weak, case, "provider", here.neighbour())
    step(ben, case, "decline")
    assert "끝난" in refused("exchange.not_reassigned", keeper, case, "provider", here.neighbour())


def test_word_that_waits_for_the_other_is_not_inherited(keeper: Actor, clock: Clock) -> None:
    tools = library()
    anna, ben = tools.neighbour(), tools.neighbour()
    case = hold(anna, tools.thing(terms=()), "10T10:00", "10T12:00")
    step(anna, case, "book")
    clock.at(at("10T10:00"))
    step(anna, case, "check_out")
    assert "확인한" in refused("exchange.not_reassigned", keeper, case, "borrower", ben)
    other = hold(anna, tools.thing(terms=()), "10T10:00", "10T12:00")
    give(keeper, other, "borrower", ben)
    assert Commitment.rows.get(agreement=other).taker == ben.id

"""Answers declined where they are read, a deposit in its own unit, a fault on the desk."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.exchange.models import Match, Party, Timer
from dure.ledger.models import Account
from tests.exchange.neighbours import at, library
from tests.exchange.neighbours import hold as hold_place
from tests.exchange.neighbours import step as take
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import MAPO, person_with
from tests.web.share_world import a_share
from tests.web.test_listings import text_of
from tests.web.walk import client_of


@pytest.fixture(autouse=True)
def _now(db: object, clock: Clock) -> None:
    clock.at("2026-05-10T09:00:00+09:00")


def test_answer_is_declined_on_the_page_of_the_request() -> None:
    share = a_share()
    bada = client_of(share.bada)
    path = f"/exchange/listings/{share.wish}/"
    assert "사양하기" in text_of(bada, path)
    assert "사양하기" not in text_of(client_of(share.haneul), path)
    data = {"do": "decline", "match_id": share.match, "key": str(uuid4())}
    assert bada.post(path, data).status_code == 303
    assert Match.rows.get(id=share.match).state == "declined"
    assert "사양하기" not in text_of(bada, path)


def test_keeper_of_the_district_has_no_turn_for_what_others_answered() -> None:
    share = a_share()
    staff = client_of(person_with(Role.STAFF, district=MAPO))
    assert "베란다 정리" not in text_of(staff, "/exchange/mine/")
    assert "베란다 정리" in text_of(client_of(share.bada), "/exchange/mine/")


@pytest.mark.parametrize(("unit", "word"), [("won", "원"), ("minutes", "분")])
def test_deposit_is_asked_in_its_own_unit(clock: Clock, unit: str, word: str) -> None:
    here = library()
    anna = here.neighbour()
    given_ = ({"name": "deposit", "value": "0"}, {"name": "deposit_unit", "value": unit})
    case = hold_place(anna, here.thing(terms=given_), "10T10:00", "10T12:00")
    take(anna, case, "book")
    clock.at(at("10T10:00"))
    take(anna, case, "check_out")
    take(here.keeper, case, "check_out")
    take(here.keeper, case, "check_in")
    take(here.keeper, case, "damage")
    page = text_of(client_of(here.keeper), f"/exchange/agreements/{case}/")
    field = re.search(r'name="charge".*?</div>', page, re.DOTALL)
    assert field
    assert word in field.group(0)


def test_case_that_time_could_not_move_stands_on_the_desk_at_once(clock: Clock) -> None:
    here = library()
    anna = here.neighbour()
    case = hold_place(anna, here.thing(), "10T10:00", "10T18:00")
    take(anna, case, "book")
    keeper = client_of(here.keeper)
    assert "저절로 넘어가지 못한" not in text_of(keeper, "/exchange/desk/")
    with given() as audit:
        here.accounts[anna.id].__class__.rows.filter(pk=here.accounts[anna.id].pk).update(
            status="frozen", audit=audit
        )
    clock.at(at("10T12:00"))
    ticked = run("exchange.agreement.tick", {}, Actor.timer("exchange.agreement.tick")).result
    assert ticked.stuck == 1
    page = text_of(keeper, "/exchange/desk/")
    why = Timer.rows.get(agreement=case, fired_at=None).refusal["ko"]
    assert "저절로 넘어가지 못한" in page
    assert why in page


def test_coordinator_gives_a_role_to_another_on_the_page_of_the_case() -> None:
    share = a_share()
    offered = {"title": "텃밭 돌보기", "side": "offer", "reciprocity": "gift", "district": MAPO}
    listing = run("exchange.listing.publish", offered, share.haneul).result.id
    asked = {
        "process": "time_exchange",
        "start": "request",
        "listing_id": listing,
        "terms": ({"name": "minutes", "value": "60"},),
    }
    other = person_with(Role.RESIDENT)
    case = run("exchange.agreement.open", asked, other).result.id
    staff = client_of(person_with(Role.STAFF, district=MAPO))
    path = f"/exchange/agreements/{case}/"
    assert "역할을 다른 이웃에게 맡기기" in text_of(staff, path)
    assert "Give a role to another neighbour" in text_of(staff, f"/en{path}")
    assert "역할을 다른 이웃에게 맡기기" not in text_of(client_of(share.haneul), path)
    named = Account.rows.filter(owner_person=share.bada.id, handle__isnull=False)
    handle = named.values_list("handle", flat=True)[0]
    data = {"do": "reassign", "role": "provider", "reason": "다쳐서 못 오십니다"}
    wrong = staff.post(path, {**data, "handle": "nobody", "key": str(uuid4())})
    assert wrong.status_code == 404
    right = staff.post(path, {**data, "handle": f"@{handle}", "key": str(uuid4())})
    assert right.status_code == 303, right.content.decode()[:1500]
    assert Party.rows.get(agreement=case, role="provider").person == share.bada.id
    assert client_of(share.haneul).get(path).status_code == 404

"""The food hub as members see it: cycles, catalogue, basket, shortage, receipt, standing order."""

from __future__ import annotations

import hashlib
import json
import re
from html import unescape
from uuid import UUID, uuid4

import pytest
from django.test import Client

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.engines.allotment import allot
from dure.engines.rationing import Rule, tie_ranks
from dure.exchange.models import Agreement, Claim, Party, Pool
from tests.exchange.hubs import cart, fill, hub, item, order
from tests.harness.clock import Clock
from tests.harness.people import MAPO, person_with
from tests.harness.worker import work_off
from tests.web.food_world import CLOSED, OPEN, a_food, hand_over, pack_all, share_out
from tests.web.walk import client_of

HERE = "/exchange/food/"


@pytest.fixture(autouse=True)
def _now(db: object, clock: Clock) -> None:
    clock.at(OPEN)


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()[:800]
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def send(client: Client, path: str, status: int = 303, **data: object) -> str:
    answer = client.post(path, {"key": str(uuid4()), **data})
    assert answer.status_code == status, re.sub(r"\s+", " ", answer.content.decode())[-2500:]
    return answer["Location"] if status == 303 else unescape(answer.content.decode())


def step(client: Client, basket: str, name: str, **data: object) -> str:
    state = Agreement.rows.get(id=basket).state
    path = f"{HERE}baskets/{basket}/"
    return send(client, path, do=name, transition=name, state=state, **data)


def basket_of(buyer: Actor) -> str:
    return str(Party.rows.get(role="buyer", person=buyer.id).agreement_id)


# --- finding


def test_without_a_cycle_the_page_says_so() -> None:
    assert "지금 주문받는 곳이 없습니다" in text_of(Client(), HERE)
    assert "Nobody takes orders now" in text_of(Client(), f"/en{HERE}")
    assert "지난 회차가 없습니다" in text_of(Client(), f"{HERE}?past=1")


def test_open_cycles_are_found_by_word_place_and_day_and_past_ones_apart(clock: Clock) -> None:
    here = hub()
    here.load(item())
    for asked in ("", "?q=둘째", "?q=감자", "?place=합정동 나눔터", "?on=2026-05-12"):
        assert "5월 둘째 주" in text_of(Client(), HERE + asked), asked
    for asked in ("?q=없는말", "?on=2026-05-13", "?past=1"):
        assert "5월 둘째 주" not in text_of(Client(), HERE + asked), asked
    clock.at("2026-05-12T09:00:00+09:00")
    assert "5월 둘째 주" not in text_of(Client(), HERE)
    assert "5월 둘째 주" in text_of(Client(), f"{HERE}?past=1")


def test_catalogue_is_searched_by_word_initials_and_producer() -> None:
    here = hub()
    here.load(item(season="6–8월", origin_text="여주"), item("단호박", margin_ppm=200_000))
    page = f"{HERE}{here.cycle}/"
    whole = text_of(Client(), page)
    assert "500 g에 3,000원" in whole
    assert "여주" in whole and "6–8월" in whole and "20%" in whole
    assert "단호박" not in text_of(Client(), f"{page}?q=ㄱㅈ")
    assert "감자" in text_of(Client(), f"{page}?q=ㄱㅈ")
    assert "감자" in text_of(Client(), f"{page}?q=감ㅈ")
    assert "찾는 품목이 없습니다" in text_of(Client(), f"{page}?q=없는말")
    assert "감자" in text_of(Client(), f"{page}?producer={here.producer.id}")
    assert "로그인하면 주문할 수 있습니다" in whole
    assert text_of(Client(), f"{HERE}{uuid4()}/", 404)


# --- ordering


def test_basket_is_filled_by_its_fields_ordered_changed_and_emptied() -> None:
    here = hub()
    potatoes, pumpkin = here.load(item(), item("단호박", lot=1000, price=4000, margin_ppm=100_000))
    buyer = here.buyer()
    client = client_of(buyer)
    page = f"{HERE}{here.cycle}/"
    typed = {f"n_{potatoes}": "4", f"m_{potatoes}": "1", f"n_{pumpkin}": "1"}
    address = send(client, page, shown=[potatoes, pumpkin], **typed)
    basket = basket_of(buyer)
    assert address == f"{HERE}baskets/{basket}/"
    shown = text_of(client, address)
    assert "16,000원" in shown  # four lots of potatoes, one of pumpkin
    assert "19,400원" in shown  # one lot more, and a tenth of the pumpkin
    step(client, basket, "place")
    assert Agreement.rows.get(id=basket).state == "ordered"
    assert here.money(buyer) == (0, 19_400, 0)
    step(client, basket, "edit")
    assert 'value="4"' in text_of(client, page)
    send(client, page, shown=[potatoes], **{f"n_{potatoes}": ""})  # the pumpkin is on another page
    assert [line["product"] for line in Agreement.rows.get(id=basket).terms["lines"]] == [pumpkin]
    send(client, page, shown=[pumpkin], **{f"n_{pumpkin}": "0"})
    assert Agreement.rows.get(id=basket).terms["lines"] == []
    assert "바구니가 비었습니다" in text_of(client, address)


@pytest.mark.parametrize("typed", ["많이", "-1", "1.5"])
def test_what_is_no_number_is_refused_and_kept(typed: str) -> None:
    here = hub()
    (potatoes,) = here.load(item())
    client = client_of(here.buyer())
    told = send(client, f"{HERE}{here.cycle}/", 422, shown=[potatoes], **{f"n_{potatoes}": typed})
    assert "summary" in told
    assert f'value="{typed}"' in told


def test_visitor_and_late_comer_cannot_order(clock: Clock) -> None:
    here = hub()
    (potatoes,) = here.load(item())
    page = f"{HERE}{here.cycle}/"
    data = {"shown": [potatoes], f"n_{potatoes}": "1"}
    assert Client().post(page, data).status_code in (302, 303, 403)
    buyer = here.buyer()
    clock.at("2026-05-11T19:00:00+09:00")
    assert "더 와도" not in text_of(client_of(buyer), page)
    assert client_of(buyer).post(page, data).status_code == 409
    assert not Party.rows.filter(person=buyer.id).exists()


# --- a shortage


def test_each_member_sees_why_she_got_what_she_got(clock: Clock) -> None:
    food = a_food()
    share_out(food, clock)
    told = [
        text_of(client_of(buyer), f"{HERE}baskets/{basket}/")
        for buyer, basket in zip(food.buyers, food.baskets, strict=True)
    ]
    got = {claim.agreement_id: claim.awarded for claim in Claim.rows.filter(pool=food.potatoes)}
    assert [got[UUID(key)] for key in food.baskets] == [2000, 4000, 4000]
    assert "2 kg 주문, 2 kg 받음: 주문한 만큼 모두 받습니다." in told[0]
    assert "6 kg 주문, 4 kg 받음" in told[2] and "덜 받음" in told[2]
    assert f"{HERE}products/{food.potatoes}/" in told[2]


def test_shortage_page_shows_rule_own_share_pseudonyms_other_rules_and_inputs(
    clock: Clock,
) -> None:
    food = a_food()
    share_out(food, clock)
    page = f"{HERE}products/{food.potatoes}/"
    told = text_of(client_of(food.buyers[2]), page)
    pool = Pool.rows.get(id=food.potatoes)
    for one in ("12 kg", "10 kg", "내 몫", "비례", "똑같이 줄이기", "탈무드", pool.input_hash):
        assert one in told, one
    for buyer in food.buyers:
        assert str(buyer.id) not in told
    stranger = text_of(client_of(person_with(Role.RESIDENT, district=MAPO)), page)
    assert "한 사람씩은 보여 주지 않습니다" in stranger
    assert "내 몫" not in stranger


def test_inputs_hash_as_published_and_give_the_same_shares(clock: Clock) -> None:
    food = a_food()
    share_out(food, clock)
    page = f"{HERE}products/{food.potatoes}/inputs/"
    answer = client_of(food.buyers[0]).get(page)
    assert answer.status_code == 200
    pool = Pool.rows.get(id=food.potatoes)
    assert hashlib.sha256(answer.content).hexdigest() == pool.input_hash
    told = json.loads(answer.content)
    claims = told["claims"]
    found = allot(
        Rule(told["rule"]),
        told["estate"],
        [one[1] for one in claims],
        ties=tie_ranks(bytes.fromhex(told["salt"]), [one[0] for one in claims]),
        lot=told["lot"],
    )
    stored = {str(one.id): one.awarded for one in Claim.rows.filter(pool=pool)}
    assert dict(zip([one[0] for one in claims], found.awards, strict=True)) == stored
    assert Client().get(page).status_code == 404


def test_before_closing_the_page_says_what_it_would_be() -> None:
    food = a_food()
    told = text_of(client_of(food.buyers[2]), f"{HERE}products/{food.potatoes}/")
    assert "지금 나눈다면" in told
    assert client_of(food.buyers[2]).get(
        f"{HERE}products/{food.potatoes}/inputs/"
    ).status_code == 404  # fmt: skip


# --- afterwards


def test_claim_says_what_is_missing_and_the_hub_settles_without_it(clock: Clock) -> None:
    food = a_food()
    share_out(food, clock)
    pack_all(food)
    hand_over(food, 0, clock)
    mine, keeper = client_of(food.buyers[0]), client_of(food.hub.keeper)
    basket = food.baskets[0]
    step(mine, basket, "claim", product=food.potatoes, missing="0.5 kg", note="두 알이 상했어요")
    assert food.state(0) == "claimed"
    step(keeper, basket, "resolve", missing="500")
    assert food.state(0) == "settled"
    shown = text_of(mine, f"{HERE}baskets/{basket}/receipt/")
    assert "낸 값" in shown and "13,000원" in shown  # 4 lots of 3,000 and 4,000, less one lot
    assert food.hub.money(food.buyers[0])[0] == -13_000


def test_nobody_reads_anothers_basket_or_receipt() -> None:
    food = a_food()
    other = client_of(food.buyers[1])
    for page in ("", "receipt/", "standing/"):
        assert other.get(f"{HERE}baskets/{food.baskets[0]}/{page}").status_code == 404
        assert Client().get(f"{HERE}baskets/{food.baskets[0]}/{page}").status_code in (
            302,
            303,
            403,
        )


def test_agreements_lead_to_the_basket() -> None:
    here = hub()
    (potatoes,) = here.load(item())
    buyer = here.buyer()
    basket = cart(here, buyer)
    fill(basket, buyer, (potatoes, 500, 0))
    client = client_of(buyer)
    assert client.get(f"/exchange/agreements/{basket}/")["Location"] == f"{HERE}baskets/{basket}/"
    assert f"{HERE}baskets/{basket}/" in text_of(client, "/exchange/mine/")
    assert HERE in text_of(Client(), "/exchange/")


def test_gift_cycle_costs_nothing(clock: Clock) -> None:
    food = a_food("gift")
    assert "무료 나눔" in text_of(Client(), f"{HERE}{food.cycle}/")
    share_out(food, clock)
    assert food.state(2) == "allocated"


def test_keeper_who_does_not_run_anything_has_no_desk() -> None:
    client = client_of(person_with(Role.RESIDENT, district=MAPO))
    assert client.get(f"{HERE}desk/").status_code == 404


def test_a_product_is_told_on_one_page_alone() -> None:
    food = a_food()
    for path, wanted in (
        (f"{food.potatoes}/", f"{HERE}products/{food.potatoes}/"),
        (f"{food.cycle}/", f"{HERE}{food.cycle}/"),
        (f"{food.potatoes}/inputs.csv", f"{HERE}products/{food.potatoes}/inputs/"),
    ):
        answer = Client().get(f"/exchange/pools/{path}")
        assert (answer.status_code, answer["Location"]) == (303, wanted)


# --- cases that are not filled


def test_case_that_nobody_fills_is_told_before_and_after(clock: Clock) -> None:
    here = hub()
    (tofu,) = here.load(
        item("두부", unit="H87", lot=1, price=2000, estate=60, case=12, gram_each=400)
    )
    anna, ben = here.buyer(), here.buyer()
    full, short = order(here, anna, (tofu, 9, 0)), order(here, ben, (tofu, 6, 1))
    cycle = f"{HERE}{here.cycle}/"
    client = client_of(ben)
    assert "상자가 차려면 8개 더 모여야 합니다. 지금은 3개" in plain(text_of(client, cycle))
    for other in (Client(), client_of(here.buyer())):
        assert "모여야 합니다" not in text_of(other, cycle), "few orders: their sum is not told"
    english = plain(text_of(client, f"/en{cycle}"))
    assert "8 pcs more and the case is full. As it is, 3 pcs fill no case." in english
    assert "상자까지 8개" in text_of(client_of(here.keeper), f"{cycle}desk/")
    lead = "주문은 15개입니다. 그 가운데 한 상자(12개)를 채우지 못한 3개만큼은"
    assert lead in text_of(client, f"{HERE}products/{tofu}/")
    clock.at(CLOSED)
    run("exchange.cycle.close", {"cycle_id": here.cycle}, here.keeper)
    work_off()
    assert "모여야 합니다" not in text_of(client, cycle)
    told = text_of(client, f"{HERE}products/{tofu}/")
    because = "모두의 주문 가운데 3개는 한 상자(12개)를 채우지 못해 생산자에게 주문하지 못했습니다."
    assert lead in told and "그래서 12개만 규칙대로 나눕니다" in told
    got = {key: Claim.rows.get(agreement=key).awarded for key in (full, short)}
    assert sorted(got.values()) == [6, 6]
    told = text_of(client_of(anna), f"{HERE}baskets/{full}/")
    assert because in told and "12개를 똑같이 나누었습니다" in told
    told = text_of(client_of(anna), f"/en{HERE}baskets/{full}/")
    assert "3 pcs of all orders did not fill a case of 12 pcs and could not be ordered." in told


def test_who_gets_nothing_because_no_case_filled_sees_why(clock: Clock) -> None:
    here = hub()
    (tofu,) = here.load(
        item("두부", unit="H87", lot=1, price=2000, estate=60, case=12, gram_each=400)
    )
    anna = here.buyer()
    basket = order(here, anna, (tofu, 5, 2))
    clock.at(CLOSED)
    run("exchange.cycle.close", {"cycle_id": here.cycle}, here.keeper)
    work_off()
    assert Agreement.rows.get(id=basket).state == "cancelled"
    assert here.money(anna) == (0, 0, 0)
    told = text_of(client_of(anna), f"{HERE}baskets/{basket}/")
    assert "5개 주문, 0개 받음: 모두의 주문 가운데 5개는 한 상자(12개)를 채우지 못해" in told
    assert "나눌 것이 없었습니다" not in told


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))

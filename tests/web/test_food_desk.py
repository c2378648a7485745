"""The food hub as its keepers and producers see it: lists, orders, packing, what is left."""

from __future__ import annotations

import csv
import io
import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dure.core.actors import Actor, Role
from dure.core.models import ExportRecord
from dure.engines.sheets import open_sheet
from dure.exchange.models import Claim, Pool
from tests.engines.test_pictures import png
from tests.exchange.hubs import hub, item
from tests.harness.clock import Clock
from tests.harness.people import MAPO, organisation, person_with
from tests.harness.worker import work_off
from tests.ledger.givens import an_account, balance
from tests.web.food_world import (
    AT_PICKUP,
    CLOSED,
    OPEN,
    Food,
    a_food,
    hand_over,
    pack_all,
    share_out,
)
from tests.web.test_food import HERE, send, step, text_of
from tests.web.walk import client_of, sent_file


@pytest.fixture(autouse=True)
def _now(db: object, clock: Clock) -> None:
    clock.at(OPEN)


# --- a cycle


def test_desk_lists_cycles_that_i_run_and_those_that_i_supply() -> None:
    here = hub()
    here.load(item())
    assert "5월 둘째 주" in text_of(client_of(here.keeper), f"{HERE}desk/")
    farmer = text_of(client_of(here.farmer), f"{HERE}desk/")
    assert f"{HERE}{here.cycle}/delivery/{here.producer.id}/" in farmer
    assert f"{HERE}{here.cycle}/desk/" not in farmer


def test_cycle_is_opened_changed_and_cancelled_by_its_forms() -> None:
    keeper = person_with(Role.STAFF, organisation=organisation("서강먹거리나눔터"))
    client = client_of(keeper)
    page = text_of(client, f"{HERE}desk/new/")
    scope = re.findall(r'<option value="([0-9a-f-]{36})"', page)[0]
    data = {
        "do": "save", "organisation_id": scope, "title": "5월 셋째 주", "place": "서강동 마을방",
        "opens": "2026-05-10T08:00", "closes": "2026-05-14T18:00", "pickup": "2026-05-15T17:00",
        "pays": "voucher", "text": "감자가 좋아요",
    }  # fmt: skip
    address = send(client, f"{HERE}desk/new/", **data)
    made = Pool.rows.get(title="5월 셋째 주")
    assert address == f"{HERE}{made.id}/lists/"
    assert (made.terms["pays"], made.place) == ("voucher", "서강동 마을방")
    change = f"{HERE}{made.id}/change/"
    assert 'value="2026-05-14T18:00"' in text_of(client, change)
    send(client, change, **{**data, "title": "5월 셋째 주 먹거리"})
    assert Pool.rows.get(id=made.id).title == "5월 셋째 주 먹거리"
    told = send(client, change, 422, **{**data, "closes": "2026-05-09T18:00"})
    assert 'value="2026-05-09T18:00"' in told
    send(client, change, do="cancel", reason="비가 많이 와요")
    assert Pool.rows.get(id=made.id).cancelled
    assert "취소됨" in text_of(Client(), f"{HERE}{made.id}/")


def test_others_do_not_find_the_desk_of_a_cycle() -> None:
    food = a_food()
    stranger = person_with(Role.STAFF, organisation=organisation("다른나눔터"))
    pages = ["desk/", "change/", "lists/", "lists/template.xlsx", "packing/", "packing/products/",
             f"packing/products/{food.pumpkin}/",
             "packing/list/", "packing/file/", "after/", f"packing/{food.baskets[0]}/",
             f"delivery/{food.hub.producer.id}/"]  # fmt: skip
    for actor in (stranger, food.buyers[0], Actor.anonymous()):
        client = client_of(actor)
        for page in pages:
            assert client.get(f"{HERE}{food.cycle}/{page}").status_code in (302, 303, 403, 404), (
                page
            )
    for page in ("desk/", "change/", "lists/", "packing/", "after/"):
        assert client_of(food.hub.farmer).get(f"{HERE}{food.cycle}/{page}").status_code == 404, page


# --- orders, closing


def test_orders_stand_against_stock_and_a_product_is_changed() -> None:
    food = a_food()
    client = client_of(food.hub.keeper)
    page = text_of(client, f"{HERE}{food.cycle}/desk/")
    assert "12 kg" in page and "10 kg" in page and "2 kg" in page and "120%" in page
    change = f"{HERE}products/{food.potatoes}/change/"
    assert client_of(food.buyers[0]).get(change).status_code == 404
    send(client, change, estate="8 kg", price="3000")
    assert Pool.rows.get(id=food.potatoes).estate == 8000


def test_closing_shares_out_while_the_page_tells_how_far(clock: Clock) -> None:
    food = a_food()
    client = client_of(food.hub.keeper)
    page = f"{HERE}{food.cycle}/desk/"
    clock.at(CLOSED)
    assert "나누기 시작" in text_of(client, page)
    send(client, page, do="close")
    told = text_of(client, page)
    assert "나누는 중" in told and "3건 가운데 0건" in told
    work_off()
    assert "모두 나누었습니다" in text_of(client, page)
    assert [food.state(n) for n in range(3)] == ["allocated"] * 3
    assert client.post(page, {"do": "close", "key": str(uuid4())}).status_code == 409


# --- packing


def packed(clock: Clock) -> tuple[Food, Client]:
    food = a_food()
    share_out(food, clock)
    return food, client_of(food.hub.keeper)


def test_basket_is_packed_with_its_real_weight_and_the_next_one_follows(clock: Clock) -> None:
    food, client = packed(clock)
    listed = text_of(client, f"{HERE}{food.cycle}/packing/")
    assert all(f"<b>0{n}</b>" in listed for n in (1, 2, 3))
    page = f"{HERE}{food.cycle}/packing/{food.baskets[0]}/"
    assert "4 kg" not in text_of(client, page)
    typed = {f"w_{food.pumpkin}": "1.12 kg"}
    there = send(client, page, do="pack", transition="pack", state="allocated", **typed)
    assert there in [f"{HERE}{food.cycle}/packing/{key}/" for key in food.baskets[1:]]
    claim = Claim.rows.get(agreement=food.baskets[0], pool=food.pumpkin)
    assert (claim.weighed, food.state(0)) == (1120, "packed")
    told = text_of(client_of(food.buyers[0]), f"{HERE}baskets/{food.baskets[0]}/")
    assert "1.12 kg" in told and "4,480원" in told


def test_weight_that_cannot_be_is_refused_and_the_basket_stays(clock: Clock) -> None:
    food, client = packed(clock)
    page = f"{HERE}{food.cycle}/packing/{food.baskets[0]}/"
    for typed in ("9 kg", "무거움"):
        data = {f"w_{food.pumpkin}": typed}
        send(client, page, 422, do="pack", transition="pack", state="allocated", **data)
    assert food.state(0) == "allocated"
    assert Claim.rows.get(agreement=food.baskets[0], pool=food.pumpkin).weighed is None


def test_weights_of_a_product_are_written_in_one_form_in_parts(clock: Clock) -> None:
    food, client = packed(clock)
    page = f"{HERE}{food.cycle}/packing/products/"
    assert "3개 가운데 0개 적음" in text_of(client, page)
    page = f"{page}{food.pumpkin}/"
    assert "몫 1 kg" in text_of(client, page)
    first, second, third = food.baskets
    send(client, page, **{f"w_{first}": "1,340", f"w_{second}": "1.22 kg", f"w_{third}": ""})
    found = dict(Claim.rows.filter(pool=food.pumpkin).values_list("agreement__pk", "weighed"))
    assert {str(k): v for k, v in found.items()} == {first: 1340, second: 1220, third: None}
    told = text_of(client, page)
    assert "바구니 3개 가운데 2개 적음" in told and 'value="1340"' in told
    typed = {f"w_{first}": "1340", f"w_{second}": "1.22 kg", f"w_{third}": "900"}
    send(client, page, **typed)
    assert Claim.rows.get(pool=food.pumpkin, agreement=third).weighed == 900
    assert "새로 적은 것이 없습니다" in send(client, page, 200, **typed)


def test_each_fault_of_a_product_stands_at_its_basket_and_nothing_is_written(clock: Clock) -> None:
    food, client = packed(clock)
    page = f"{HERE}{food.cycle}/packing/products/{food.pumpkin}/"
    first, second, third = sorted(food.baskets)
    typed = {f"w_{first}": "900", f"w_{second}": "9 kg", f"w_{third}": "가득"}
    told = send(client, page, 422, **typed)
    assert f'href="#f-w_{second}">02번 바구니: 나눈 것보다 너무 많습니다.' in told
    assert f'href="#f-w_{third}">03번 바구니: 0–9 숫자로 적어 주세요' in told
    assert f'href="#f-w_{first}"' not in told and 'value="9 kg"' in told
    told = send(client, page, 422, **{f"w_{first}": "900", f"w_{second}": "9999999"})
    assert f'href="#f-w_{second}">02번 바구니: 나눈 것보다 너무 많습니다.' in told
    pack_all(Food(food.hub, [], [first]))  # somebody else was faster
    told = send(client, page, 422, **{f"w_{first}": "900", f"w_{second}": "900"})
    assert "01번 바구니: 지금은 달 수 없습니다(꾸려 둠)." in told
    told = send(client, f"/en{page}", 422, **{f"w_{first}": "900", f"w_{second}": "full"})
    assert "Basket 01: it is not weighed now (Packed)." in told
    assert "Basket 02: use the digits 0–9" in told
    assert set(Claim.rows.filter(pool=food.pumpkin).values_list("weighed", flat=True)) == {None}


def test_lists_leave_as_csv_workbook_and_paper(clock: Clock) -> None:
    food, client = packed(clock)
    base, why = f"{HERE}{food.cycle}/packing", {"reason": "꾸리는 방에 인터넷이 없음"}
    lines = sent_file(client.post(f"{base}/file/", {"form": "csv", **why})).decode("utf-8-sig")
    assert len(lines.splitlines()) == 7 and lines.splitlines()[1].split(",")[0] == "01"
    book = sent_file(client.post(f"{base}/file/", {"form": "xlsx", **why}))
    assert len(list(open_sheet(io.BytesIO(book)).rows())) == 7
    assert client.post(f"{base}/file/", {"form": "pdf", **why}).status_code == 422
    assert "☐ 감자" in text_of(client, f"{base}/list/")


def test_producer_sees_own_lines_alone_by_whole_cases(clock: Clock) -> None:
    here = hub()
    other = organisation("다른작목반")
    here.load(item(case=5000, estate=20_000))
    mine, here.producer = here.producer, other
    here.load(item("상추", unit="H87", lot=1, gram_each=100))
    here.producer = mine
    client = client_of(here.farmer)
    told = text_of(client, f"{HERE}{here.cycle}/delivery/{mine.id}/")
    assert "상추" not in told
    assert client.get(f"{HERE}{here.cycle}/delivery/{other.id}/").status_code == 404
    theirs = f"{HERE}{here.cycle}/delivery/{other.id}/file/"
    assert client.post(theirs, {"form": "csv"}).status_code == 404
    assert not ExportRecord.rows.exists()


def test_delivery_says_cases_before_and_after_sharing(clock: Clock) -> None:
    food = a_food()
    farmer = client_of(food.hub.farmer)
    page = f"{HERE}{food.cycle}/delivery/{food.hub.producer.id}/"
    assert "60,000원" in text_of(farmer, page)  # 10 of the 12 kg that are asked
    share_out(food, clock)
    assert "60,000원" in text_of(farmer, page)
    answer = farmer.post(f"{page}file/", {"form": "csv"})
    lines = sent_file(answer).decode("utf-8-sig").splitlines()
    assert any(line.startswith("감자,12000,") for line in lines)
    kept = ExportRecord.rows.get()
    assert (kept.kind, kept.format, kept.row_count) == ("exchange.delivery", "csv", len(lines) - 1)


def test_packing_list_leaves_for_a_reason_alone_with_a_record(clock: Clock) -> None:
    food, client = packed(clock)
    page = f"{HERE}{food.cycle}/packing/file/"
    assert "왜 내려받나요" in text_of(client, page)
    assert "errors" in client.post(page, {"form": "csv"}).content.decode()
    assert not ExportRecord.rows.exists()
    answer = client.post(page, {"form": "csv", "reason": "꾸리는 방에 인터넷이 없음"})
    rows = list(csv.reader(sent_file(answer).decode("utf-8-sig").splitlines()))
    kept = ExportRecord.rows.get()
    assert (kept.kind, kept.reason) == ("exchange.packing", "꾸리는 방에 인터넷이 없음")
    assert kept.row_count == len(rows) - 1 == Claim.rows.filter(withdrawn_at=None).count()
    farmer = client_of(food.hub.farmer)
    assert farmer.post(page, {"form": "csv", "reason": "궁금해서 봅니다"}).status_code == 404


# --- what is left


def test_what_is_left_shows_claims_and_baskets_nobody_fetched(clock: Clock) -> None:
    food, client = packed(clock)
    page = f"{HERE}{food.cycle}/after/"
    assert "풀어야 할 일이 없습니다" in text_of(client, page)
    pack_all(food)
    hand_over(food, 0, clock)
    step(client_of(food.buyers[0]), food.baskets[0], "claim", product=food.potatoes, missing="500")
    told = text_of(client, page)
    assert f"{HERE}baskets/{food.baskets[0]}/" in told
    step(client, food.baskets[0], "resolve", missing="0")
    told = text_of(client, page)
    assert "16,000원" in told and "풀어야 할 일이 없습니다" in told
    assert "지역 소비(원)" in told, "what was paid, by the origin of the food"


def test_hand_over_is_shown_by_code_and_confirmed_by_both(clock: Clock) -> None:
    food, client = packed(clock)
    pack_all(food)
    clock.at(AT_PICKUP)
    page = f"{HERE}{food.cycle}/packing/{food.baskets[0]}/"
    assert f"/exchange/agreements/{food.baskets[0]}/hand-over/hand_over/" in text_of(client, page)
    send(client, page, do="hand", transition="hand_over", state="packed")
    assert food.state(0) == "packed"
    assert "받는 사람이 확인하면 끝납니다" in text_of(client, page)
    step(client_of(food.buyers[0]), food.baskets[0], "hand_over")
    assert food.state(0) == "delivered"


def test_desk_is_not_there_for_residents() -> None:
    client = client_of(person_with(Role.RESIDENT, district=MAPO))
    for page in ("desk/", "desk/new/"):
        assert client.get(f"{HERE}{page}").status_code == 404


def test_photo_of_what_is_spoilt_stands_with_the_claim(clock: Clock) -> None:
    food, client = packed(clock)
    pack_all(food)
    hand_over(food, 0, clock)
    mine = client_of(food.buyers[0])
    file = SimpleUploadedFile("IMG_1.png", png(8, 6))
    step(
        mine,
        food.baskets[0],
        "claim",
        product=food.potatoes,
        missing="1 kg",
        content=file,
        alt="싹이 난 감자",
    )
    told = text_of(client, f"{HERE}baskets/{food.baskets[0]}/")
    assert "싹이 난 감자" in told and "1 kg" in told
    assert 'value="1000"' in told  # the hub starts from what was said


def test_producers_are_paid_by_who_spends_for_the_hub_once_all_is_settled(clock: Clock) -> None:
    food, keeper = packed(clock)
    account = an_account(food.hub.book, organisation=food.hub.producer, unit="KRW")
    pay = f"{HERE}{food.cycle}/pay/"
    assert "끝나지 않은 바구니가 3개" in text_of(keeper, pay)
    pack_all(food)
    for number in range(3):
        hand_over(food, number, clock)
        step(client_of(food.buyers[number]), food.baskets[number], "accept")
    assert client_of(food.buyers[0]).get(pay).status_code == 404
    assert 'id="form-pay"' not in text_of(keeper, pay)
    treasurer = client_of(person_with(Role.TREASURER, organisation=food.hub.host))
    cycle = f"/exchange/food/{food.cycle}/"
    assert "생산자 대금" in treasurer.get(cycle).content.decode()
    assert "생산자 대금" not in client_of(food.buyers[0]).get(cycle).content.decode()
    told = text_of(treasurer, pay)
    assert "72,000원" in told and 'id="form-pay"' in told  # 10 kg at 6,000 and 3 kg at 4,000
    send(treasurer, pay)
    assert Pool.rows.get(id=food.cycle).state == "settled"
    assert balance(account)[0] > 0
    assert "대금을 모두 보냈습니다" in text_of(treasurer, pay)

"""Paying by handle and by code: the check page, one effect for a double tap, hostile amounts."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client

from dure.ledger.models import PaymentRequest, Transfer
from dure.ledger.queries import codes
from tests.harness.clock import Clock
from tests.ledger.givens import balance
from tests.web.money_world import World, a_world, pay
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]
NOW = "2026-11-21T10:00:00+09:00"
HOSTILE = (
    "-1", "0", str(10**20), "NaN", "1_0", "１２", "0.5", "0.5원", "1e3", "", "3,00", "+5",
    "두 시간",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def sending(**more: str) -> dict[str, str]:
    given = {"key": "k1", "to": "bada", "amount": "90", "purpose": "도움"}
    return {**given, **more}


def test_errand_of_sending_by_handle(world: World) -> None:
    client = client_of(world.haneul)
    assert "누구에게 보낼까요?" in text_of(client, "/money/send/")
    assert "얼마나 보낼까요?" in text_of(client, "/money/send/?to=@Bada")
    address = f"/money/send/?to=bada&debit={world.haneul_time.pk}&amount=1시간 30분&purpose=도움"
    check = text_of(client, address)
    for words in ("이대로 보낼까요?", "1시간 30분", "한 시간 삼십 분", "3시간 30분", "수수료"):
        assert words in check
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', check))
    assert hidden["amount"] == "90"
    done = client.post("/money/send/", hidden)
    assert done.status_code == 303
    receipt = text_of(client, done["Location"])
    assert "영수증" in receipt
    assert "1시간 30분" in receipt
    assert (balance(world.haneul_time)[0], balance(world.bada_time)[0]) == (210, 390)


def test_double_tap_pays_once_and_shows_one_receipt(world: World) -> None:
    client = client_of(world.haneul)
    body = sending(debit=str(world.haneul_time.pk))
    first, again = (client.post("/money/send/", body) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert balance(world.bada_time)[0] == 390
    other = client.post("/money/send/", {**body, "amount": "91"})
    assert other.status_code == 409
    assert balance(world.bada_time)[0] == 390


def test_neighbour_paid_before_is_two_taps_away(world: World) -> None:
    pay(world.haneul, world.haneul_time, world.bada_time, 120, "TIME", "책 읽어주기")
    client = client_of(world.haneul)
    found = re.search(r'href="(/money/send/\?to=bada[^"]+)"', text_of(client, "/money/"))
    assert found is not None
    check = text_of(client, found[1].replace("&amp;", "&"))
    assert "이대로 보낼까요?" in check
    assert "2시간 보내기" in check


@pytest.mark.parametrize("amount", HOSTILE)
def test_hostile_amounts_are_refused_in_the_form_with_the_reason(world: World, amount: str) -> None:
    client, before = client_of(world.haneul), Transfer.rows.count()
    for debit, to in ((world.haneul_time, "bada"), (world.haneul_vouchers, "bada-v")):
        query = {"to": to, "debit": debit.pk, "amount": amount, "purpose": "x"}
        asked = client.get("/money/send/", query)
        assert asked.status_code == 422
        assert "칸을 고쳐 주세요" in asked.content.decode()
        sent = client.post("/money/send/", {**query, "key": f"k{debit.pk}"})
        assert sent.status_code == 422
    assert Transfer.rows.count() == before


@pytest.mark.parametrize(("to", "amount"), [("bada", "3,000원"), ("bada-v", "2시간")])
def test_amount_of_another_unit_is_refused(world: World, to: str, amount: str) -> None:
    answer = client_of(world.haneul).get(
        "/money/send/", {"to": to, "amount": amount, "purpose": "x"}
    )
    assert answer.status_code == 422


def test_what_cannot_be_paid_is_told_before_and_refused_after(world: World) -> None:
    client = client_of(world.haneul)
    told = text_of(client, "/money/send/?to=bada&amount=421&purpose=x")
    assert "1분 모자랍니다" in told
    body = sending(debit=str(world.haneul_time.pk), amount="421")
    answer = client.post("/money/send/", body)
    assert answer.status_code == 409
    assert balance(world.haneul_time)[0] == 300


def test_unknown_handle_and_unit_without_account_say_what_to_do(world: World) -> None:
    client = client_of(world.haneul)
    assert "그런 받는 이름이 없습니다" in text_of(client, "/money/send/?to=nobody", 422)
    assert "그런 받는 이름이 없습니다" in text_of(client, "/money/send/?to=%ff%fe", 422)
    assert client.get("/money/send/?to=%00").status_code == 400
    told = text_of(client_of(world.treasurer), "/money/send/?to=bada")
    assert "이 단위로 보낼 계정이 없습니다" in told


def test_debit_of_somebody_else_is_never_charged(world: World) -> None:
    answer = client_of(world.haneul).post(
        "/money/send/", sending(debit=str(world.bada_time.pk), to="haneul")
    )
    assert answer.status_code in (404, 422)
    assert balance(world.bada_time)[0] == 300


def code_for(client: Client, wallet: int, **more: str) -> PaymentRequest:
    body = {"key": uuid4().hex, "do": "sale", "account": str(wallet), "amount": "90"}
    done = client.post("/money/show/", {**body, **more})
    assert done.status_code == 303, done.content.decode()[-3000:]
    return PaymentRequest.rows.latest("id")


def test_code_of_a_sale_is_shown_typed_and_paid_once(world: World) -> None:
    taker, payer = client_of(world.bada), client_of(world.haneul)
    made = code_for(taker, world.bada_time.pk, purpose="장보기")
    shown = text_of(taker, f"/money/show/{made.pk}/")
    assert f"{made.digits[:4]} {made.digits[4:]}" in shown
    assert "2026년 11월 21일 10:05까지" in shown
    assert '<svg class="qr"' in shown
    found = payer.post("/money/scan/", {"key": "f", "code": made.digits})
    assert found["Location"] == f"/pay/{made.token}/"
    check = text_of(payer, found["Location"])
    assert "1시간 30분 내기" in check
    body = {"key": "p", "account": str(world.haneul_time.pk)}
    done = payer.post(found["Location"], body)
    assert done.status_code == 303
    again = payer.post(found["Location"], body)
    assert again.status_code in (303, 404), "the receipt again, or a dead code"
    assert balance(world.bada_time)[0] == 390
    assert "받았습니다" in text_of(taker, f"/money/show/{made.pk}/")
    assert taker.get(f"/money/show/{made.pk}/state/").json() == {"state": "paid"}


def test_used_expired_cancelled_and_unknown_codes_are_one_page(world: World, clock: Clock) -> None:
    taker, payer = client_of(world.bada), client_of(world.haneul)
    used = code_for(taker, world.bada_time.pk)
    payer.post(f"/pay/{used.token}/", {"key": "p", "account": str(world.haneul_time.pk)})
    cancelled = code_for(taker, world.bada_time.pk, purpose="b")
    taker.post(f"/money/show/{cancelled.pk}/", {"key": "x"})
    expired = code_for(taker, world.bada_time.pk, purpose="c")
    clock.at("2026-11-21T10:05:01+09:00")
    text_of(payer, "/money/")  # what was told of the payment is read
    bodies = set()
    for token in (used.token, cancelled.token, expired.token, "A" * 22, "x", "주소"):
        answer = payer.get(f"/pay/{token}/")
        assert answer.status_code == 404
        found = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)
        assert found is not None
        bodies.add(found[0])
    assert len(bodies) == 1
    assert "새 코드를 보여 달라고 하세요" in bodies.pop()
    assert "끝난 코드입니다" in text_of(taker, f"/money/show/{expired.pk}/")


def test_wrong_digits_are_counted_and_stopped(world: World) -> None:
    payer = client_of(world.haneul)
    made = code_for(client_of(world.bada), world.bada_time.pk)
    wrong = "00000000" if made.digits != "00000000" else "11111111"
    for number in range(5):
        answer = payer.post("/money/scan/", {"key": f"w{number}", "code": wrong})
        assert answer.status_code == 409
        assert "새 코드를 보여 달라고" in answer.content.decode()
    stopped = payer.post("/money/scan/", {"key": "w9", "code": made.digits})
    assert stopped.status_code == 429
    for bad in ("1234", "１２３４５６７８", "12345678901", "<script>"):
        assert payer.post("/money/scan/", {"key": bad, "code": bad}).status_code in (409, 422, 429)


def test_static_code_takes_an_amount_from_the_payer_many_times(world: World) -> None:
    taker, payer = client_of(world.bada), client_of(world.haneul)
    made = code_for(taker, world.bada_time.pk, do="static")
    assert "늘 쓰는 코드 만들기" not in text_of(taker, "/money/show/")
    for number, amount in enumerate(("10", "20분")):
        body = {"key": f"s{number}", "account": str(world.haneul_time.pk), "amount": amount}
        assert payer.post(f"/pay/{made.token}/", body).status_code == 303
    assert balance(world.bada_time)[0] == 330
    bad = payer.post(
        f"/pay/{made.token}/",
        {"key": "s9", "account": str(world.haneul_time.pk), "amount": "1_0"},
    )
    assert bad.status_code == 422


def test_payer_shows_a_code_and_the_shop_takes_its_due(world: World) -> None:
    payer, shop = client_of(world.haneul), client_of(world.treasurer)
    made = code_for(payer, world.haneul_vouchers.pk, do="shown", most="5,000")
    page = text_of(shop, f"/pay/{made.token}/")
    assert "이 사람에게서 받을까요?" in page
    too_much = shop.post(
        f"/pay/{made.token}/",
        {"key": "t1", "account": str(world.shop.pk), "amount": "5,001"},
    )
    assert too_much.status_code == 422
    done = shop.post(
        f"/pay/{made.token}/",
        {"key": "t2", "account": str(world.shop.pk), "amount": "4,500원"},
    )
    assert done.status_code == 303
    assert (balance(world.shop)[0], balance(world.haneul_vouchers)[0]) == (4_500, 15_500)


def test_visitor_at_a_code_signs_in_first_whatever_the_code(world: World) -> None:
    made = code_for(client_of(world.bada), world.bada_time.pk)
    for token in (made.token, "A" * 22):
        answer = Client().get(f"/pay/{token}/")
        assert (answer.status_code, answer["Location"]) == (
            303,
            f"/accounts/login/?next=/pay/{token}/",
        )


def test_request_is_asked_told_paid_and_refused(world: World) -> None:
    asker, payer = client_of(world.bada), client_of(world.haneul)
    body = {
        "key": "r1", "payer": "haneul", "account": str(world.bada_time.pk), "amount": "1시간",
        "purpose": "이사 도움", "do": "ask",
    }  # fmt: skip
    assert asker.post("/money/request/", body).status_code == 303
    made = PaymentRequest.rows.latest("id")
    assert "이사 도움" in text_of(payer, "/money/")
    assert "보내기: bada" in text_of(payer, "/me/")
    assert client_of(world.treasurer).get(f"/pay/{made.token}/").status_code == 200
    done = payer.post(f"/pay/{made.token}/", {"key": "p1", "account": str(world.haneul_time.pk)})
    assert done.status_code == 303
    assert balance(world.bada_time)[0] == 360
    assert codes.asked_of(world.haneul) == ()
    again = {**body, "key": "r2", "purpose": "하나 더"}
    assert asker.post("/money/request/", again).status_code == 303
    made = PaymentRequest.rows.latest("id")
    refused = payer.post(f"/pay/{made.token}/", {"key": "p2", "do": "cancel"})
    assert refused.status_code == 303
    assert balance(world.bada_time)[0] == 360
    assert "거둠" in text_of(asker, "/money/request/")


def test_payer_asks_back_and_the_payee_gives_back_in_part(world: World) -> None:
    number = pay(world.haneul, world.haneul_time, world.bada_time, 90, "TIME", "잘못 보냄")
    here = f"/money/receipts/{number}/"
    payer, payee = client_of(world.haneul), client_of(world.bada)
    assert "되돌려 달라고 하기" in text_of(payer, here)
    assert "되돌려 달라고 하기" not in text_of(payee, here)
    short = payer.post(here, {"key": "a0", "do": "ask", "reason": "네"})
    assert short.status_code == 422
    asked = {"key": "a1", "do": "ask", "reason": "두 번 눌렀어요"}
    assert payer.post(here, asked).status_code == 303
    assert payer.post(here, {**asked, "key": "a2"}).status_code == 409
    assert "되돌려 달라는 부탁이 있습니다" in text_of(payee, "/me/")
    for amount in ("91", "0", "1_0"):
        bad = payee.post(here, {"key": f"b{amount}", "do": "back", "amount": amount})
        assert bad.status_code == 422
    assert payee.post(here, {"key": "b1", "do": "back", "amount": "1시간"}).status_code == 303
    assert (balance(world.haneul_time)[0], balance(world.bada_time)[0]) == (270, 330)
    assert "1시간 되돌려줌" in text_of(payer, here)
    assert payee.post(here, {"key": "s", "do": "seen"}).status_code == 303
    assert "되돌려 달라는 부탁이 있습니다" not in text_of(payee, "/me/")


def test_standing_payment_is_set_shown_and_stopped(world: World) -> None:
    client = client_of(world.haneul)
    body = {
        "key": "m1", "do": "set", "account": str(world.haneul_time.pk), "to": "bada",
        "amount": "2시간", "purpose": "주마다 말벗", "rule": "weekly", "starts_on": "2026-11-25",
        "on_short": "skip",
    }  # fmt: skip
    assert client.post("/money/standing/", body).status_code == 303
    text = text_of(client, "/money/standing/")
    assert "주마다 수요일" in text
    assert "2026년 11월 25일(수)" in text
    assert "every week on Wed" in text_of(client, "/en/money/standing/")
    for wrong in ({"starts_on": "2026-11-20"}, {"amount": "1_0"}, {"to": "nobody"}):
        answer = client.post("/money/standing/", {**body, "key": str(wrong), **wrong})
        assert answer.status_code in (404, 422)
    number = re.search(r'name="schedule_id" value="(\d+)"', text)
    assert number is not None
    stop = {"key": "m2", "do": "stop", "schedule_id": number[1]}
    assert client_of(world.bada).post("/money/standing/", stop).status_code == 404
    assert client.post("/money/standing/", stop).status_code == 303
    assert "멈춤" in text_of(client, "/money/standing/")

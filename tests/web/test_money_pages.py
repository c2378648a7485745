"""Every page of value with something on it: sound in both languages on a phone."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from tests.harness.clock import Clock
from tests.web.conftest import LANGUAGES, Visit
from tests.web.money_world import World, a_world, pay
from tests.web.test_walk import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _now(clock: Clock, site: object) -> None:
    clock.at("2026-11-21T10:00:00+09:00")


def filled(world: World) -> tuple[list[str], list[str]]:
    """Rows, codes, a request and a standing payment; the pages of a neighbour and of the shop."""
    pay(world.haneul, world.haneul_time, world.bada_time, 90, "TIME", "병원 함께 가기")
    row = pay(world.haneul, world.haneul_vouchers, world.shop, 3_500, "VCH", "두부와 달걀")
    pay(world.bada, world.bada_time, world.haneul_time, 30, "TIME", "책 읽어주기")
    code = {"kind": "static", "purpose": "늘 쓰는 코드"}
    hung = run("ledger.request.create", {"account_id": str(world.shop.pk), **code}, world.treasurer)
    own = {"account_id": str(world.haneul_time.pk)}
    run("ledger.request.create", {**own, **code}, world.haneul)
    sale = {**own, "kind": "sale", "purpose": "장보기", "amount": 60}
    shown = run("ledger.request.create", sale, world.haneul)
    asked = run(
        "ledger.request.create",
        {
            "account_id": str(world.bada_time.pk),
            "kind": "request",
            "purpose": "이사 도움",
            "amount": 60,
            "payer": "haneul",
        },
        world.bada,
    )
    weekly = {"rule": "weekly", "weekday": 2, "starts_on": "2026-11-25"}
    body = {**own, "payee_id": str(world.bada_time.pk), "amount": 60, "purpose": "말벗", **weekly}
    run("ledger.schedule.set", body, world.haneul)
    account = f"/money/{world.haneul_time.pk}/"
    till = f"/till/{world.place.pk}/"
    return [
        "/me/", "/money/", account, f"{account}statement/", f"{account}handle/", "/money/show/",
        f"/money/show/{shown.result.id}/", "/money/send/", "/money/send/?to=bada",
        "/money/send/?to=bada&amount=90&purpose=x", "/money/send/?to=bada&amount=900&purpose=x",
        f"/money/receipts/{row}/", "/money/scan/", "/money/request/", "/money/standing/",
        f"/pay/{hung.result.token}/", f"/pay/{asked.result.token}/",
    ], ["/till/", till, f"{till}day/", f"{till}poster/", f"{till}redeem/"]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_value_is_sound_on_a_phone(visit: Visit, language: str) -> None:
    world = a_world()
    own, shop = filled(world)
    faults: list[str] = []
    for who, pages in ((world.haneul, own), (world.treasurer, shop)):
        window = visit(360, language)
        window.sign_in(who)
        for path in pages:
            faults += faults_of(window, path)
            window.picture(f"value_{path}")
    assert faults == [], "\n".join(faults)

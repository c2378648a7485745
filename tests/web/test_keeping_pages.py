"""Pages of rounds, shops, members and refunds in a browser: sound at a phone's width."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload

from dure.core.actions import run
from dure.core.actors import Actor, Role
from tests.harness import people
from tests.harness.clock import Clock
from tests.ledger.programmes import a_runner, member, opened, shop
from tests.ledger.test_cashing import World
from tests.ledger.test_clearing import a_circle, answer, propose
from tests.web.conftest import LANGUAGES, Visit
from tests.web.test_walk import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _now(clock: Clock, site: object) -> None:
    clock.at("2026-11-21T10:00:00+09:00")


def looked_at(visit: Visit, shown: list[tuple[str, Actor, list[str]]]) -> list[str]:
    """Open every page in both languages at 360 px and keep a picture of it."""
    faults: list[str] = []
    for language in LANGUAGES:
        window = visit(360, language)
        for name, actor, addresses in shown:
            window.sign_in(actor)
            for number, address in enumerate(addresses):
                faults += faults_of(window, address)
                window.picture(f"{name}_{number}")
    return faults


def test_rounds_are_sound_on_a_phone(visit: Visit) -> None:
    world = a_circle()
    proposed = propose(world)
    here = f"/money/clearing/{proposed.pk}/"
    waiting = world.people["aa"], world.accounts["aa"].pk
    answer(world, proposed, "bb")
    book = f"/treasury/books/{world.money.book_id}/"
    mine = ["/money/clearing/", f"{here}{waiting[1]}/", "/money/request/", "/me/"]
    keeper = [f"{book}clearing/", f"/treasury/clearing/{proposed.pk}/", book]
    faults = looked_at(
        visit, [("round_mine", waiting[0], mine), ("round_kept", world.treasurer, keeper)]
    )
    assert faults == [], "\n".join(faults)


def test_members_and_shops_are_sound_on_a_phone(visit: Visit) -> None:
    made = opened("regional", a_runner())
    shop(made)
    shop(made, "다솜찬가게")
    member(made)
    keeper = people.person_with(Role.TREASURER, organisation=made.book.organisation)
    at = f"/programmes/{made.code}/"
    faults = looked_at(visit, [("enrol", keeper, [at, f"{at}members/", f"{at}shops/"])])
    content = "가맹점,매출\n누리빵집,5\n나루가게,5\n".encode()
    for language in LANGUAGES:
        window = visit(360, language)
        window.sign_in(keeper)
        window.go(f"{at}shops/")
        file: FilePayload = {"name": "l.csv", "mimeType": "text/csv", "buffer": content}
        window.page.set_input_files("input[type=file]", files=[file])
        window.page.locator("form[enctype] button").click()
        window.picture("enrol_check")
        faults += window.sound() + window.sideways() + window.small_targets()
    assert faults == [], "\n".join(faults)


def test_cash_for_the_rest_is_sound_on_a_phone(visit: Visit) -> None:
    world = World()
    world.spend(6_000)
    at = f"/programmes/{world.made.code}/cash/"
    addresses = [at, f"{at}?q={world.account.pk}"]
    faults = looked_at(visit, [("cash", world.runner.treasurer, addresses)])
    assert faults == [], "\n".join(faults)


def test_treasury_is_sound_on_a_phone(visit: Visit) -> None:
    world = World()
    back = {"event_date": "2026-11-19"}
    pay = {
        "debit": str(world.account.pk),
        "credit": str(world.shop.account.pk),
        "amount": 3_000,
        "unit": "VCH",
        "purpose": "두부",
    }
    run("ledger.transfer.post", {**pay, **back}, world.who)
    book = f"/treasury/books/{world.made.book_id}/"
    addresses = [
        book,
        f"{book}trial/",
        f"{book}changes/",
        f"/treasury/accounts/{world.account.pk}/",
        f"/treasury/accounts/{world.made.issuer_id}/",
        "/audit/books/",
        "/audit/",
        "/programmes/new/",
    ]
    mine = ["/money/"]
    faults = looked_at(
        visit, [("treasury", world.runner.treasurer, addresses), ("mine", world.who, mine)]
    )
    assert faults == [], "\n".join(faults)

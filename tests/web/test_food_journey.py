"""Order vegetables: from a producer's list with faults to settled baskets, all by the pages.

The member orders on a phone, gets less than she asked and reads why; the hub packs on a tablet.
Code only signs people in, moves the clock, lets the worker run and looks into the database.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connections

from dure.core.actors import Actor, Role
from dure.exchange.models import Agreement, Party, Pool
from dure.interfaces.web import hand_over as page_of_code
from dure.registry.models import Organisation
from tests.harness.clock import Clock
from tests.harness.people import organisation, person_with
from tests.harness.worker import work_off
from tests.ledger.givens import a_book, an_account, balance
from tests.web.conftest import LANGUAGES, Visit, Window
from tests.web.food_world import row, sheet

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TITLE = "5월 셋째 주 먹거리"
PHONE, TABLET = 360, 820
HUB, PRODUCER = "마포먹거리나눔터", "여주들녘작목반"


@dataclass
class Market:
    """Who takes part: a keeper and two neighbours with 100,000 won of credit each."""

    keeper: Actor
    first: Actor
    second: Actor
    accounts: dict[object, object] = field(default_factory=dict)


@pytest.fixture
def market(clock: Clock, site: object, monkeypatch: pytest.MonkeyPatch) -> Market:
    for alias in connections:  # the server reads the clock anew for each page
        monkeypatch.setitem(connections.settings[alias], "CONN_MAX_AGE", 0)
    clock.at("2026-05-10T09:00:00+09:00")
    host = organisation(HUB)
    organisation(PRODUCER)
    book = a_book(organisation=host)
    an_account(book, organisation=host, unit="KRW")
    people = [person_with(Role.RESIDENT) for _ in range(2)]
    accounts = {one.id: an_account(book, owner=one, unit="KRW", lo=-100_000) for one in people}
    return Market(person_with(Role.STAFF, organisation=host), *people, dict(accounts))


@dataclass
class Walk:
    """Where somebody goes, and what was found wrong on the way."""

    window: Window
    faults: list[str] = field(default_factory=list)

    def look(self, step: str) -> str:
        """Axe, width, targets, one h1 and a picture; gives the words of the page."""
        window = self.window
        found = window.sound() + window.sideways() + window.small_targets()
        if window.page.locator("h1").count() != 1:
            found.append("not one h1")
        self.faults += [f"{step} {window.language} {window.width}: {one}" for one in found]
        window.picture(f"vegetables_{step}")
        return window.page.inner_text("main")

    def say(self, ko: str, en: str) -> str:
        """The words in the language of the window."""
        return ko if self.window.language == "ko" else en

    def press(self, ko: str, en: str) -> None:
        """Press a button."""
        self.window.page.get_by_role("button", name=self.say(ko, en), exact=True).first.click()
        self.window.page.wait_for_load_state()

    def follow(self, ko: str, en: str) -> None:
        """Follow a link."""
        self.window.page.get_by_role("link", name=self.say(ko, en)).first.click()
        self.window.page.wait_for_load_state()


def walk(visit: Visit, actor: Actor, width: int, language: str) -> Walk:
    window = visit(width, language)
    window.sign_in(actor)
    return Walk(window)


def open_cycle(hub: Walk) -> str:
    """The keeper opens a cycle; gives its id."""
    page = hub.window.page
    assert hub.window.go("/exchange/food/desk/") == 200
    hub.look("desk_empty")
    hub.follow("회차 열기", "Open a cycle")
    page.fill("#f-title", TITLE)
    page.fill("#f-opens", "2026-05-10T08:00")
    page.fill("#f-closes", "2026-05-11T18:00")
    page.fill("#f-pickup", "2026-05-12T17:00")
    page.fill("#f-place", "합정동 나눔터")
    hub.look("open")
    hub.press("회차 열기", "Open it")
    return str(Pool.rows.get(title=TITLE).id)


def bring_list(hub: Walk, cycle: str, tmp_path: Path) -> None:
    """A list with two faults is refused row by row; mended, it is stored whole."""
    page = hub.window.page
    producer = str(Organisation.rows.get(name=PRODUCER).id)
    page.fill("#f-q", PRODUCER)
    hub.press("생산자 찾기", "Find the producer")
    page.select_option("#f-producer_id", producer)
    lang = hub.window.language
    bad = sheet(
        row("감자", estate="5"), row("단호박", price="삼천"), row("상추", unit="되"), language=lang
    )
    good = sheet(
        row("감자", estate="5"),
        row("단호박", lot="1", price=4000, margin="20"),
        language=lang,
    )
    for name, data in (("bad.xlsx", bad), ("good.xlsx", good)):
        (tmp_path / name).write_bytes(data)
    page.set_input_files("#f-content", tmp_path / "bad.xlsx")
    hub.look("list")
    hub.press("살펴보기", "Check it")
    told = hub.look("list_faults")
    assert hub.say("3줄", "Row 3") in told and "삼천" in told
    assert hub.say("아무것도 저장하지 않았습니다", "Nothing was stored") in told
    with page.expect_download() as download:
        page.locator("a[href*='/lists/faults/']").click()
    assert "삼천" in Path(download.value.path()).read_text("utf-8-sig")
    assert Pool.rows.filter(parent=cycle).count() == 0
    page.set_input_files("#f-content", tmp_path / "good.xlsx")
    hub.press("살펴보기", "Check it")
    hub.look("list_right")
    hub.press("모두 저장", "Store all")
    assert Pool.rows.filter(parent=cycle).count() == 2


def order(member: Walk, cycle: str, grams: int, step: str) -> str:
    """A member finds the cycle, looks for potatoes by initials, orders; gives the basket's id."""
    page = member.window.page
    potatoes = Pool.rows.get(parent=cycle, title="감자").id
    pumpkin = Pool.rows.get(parent=cycle, title="단호박").id
    assert member.window.go("/exchange/") == 200
    member.follow("먹거리 함께 사기", "Food hub")
    member.look(f"{step}_cycles")
    page.get_by_role("link", name=TITLE).first.click()
    page.fill("#f-q", "ㄱㅈ")
    member.press("찾기", "Search")
    assert page.locator(f"#f-n_{pumpkin}").count() == 0
    page.fill(f"#f-n_{potatoes}", str(grams // 500))
    page.fill(f"#f-m_{potatoes}", "0")
    member.look(f"{step}_goods")
    member.press("바구니에 담기", "Put into the basket")
    member.look(f"{step}_basket")
    member.follow("더 담거나 고치기", "Add or change")
    page.fill(f"#f-n_{pumpkin}", "1")
    member.press("바구니에 담기", "Put into the basket")
    page.locator("#form-place button").click()
    page.wait_for_load_state()
    member.look(f"{step}_ordered")
    found = urlsplit(page.url).path.strip("/").rpartition("/")[2]
    assert Agreement.rows.get(id=found).state == "ordered"
    return found


def close(hub: Walk, cycle: str, clock: Clock) -> None:
    """The keeper closes; the worker shares out; she sees how far it is."""
    assert hub.window.go(f"/exchange/food/{cycle}/desk/") == 200
    hub.look("watch")
    clock.at("2026-05-11T18:00:01+09:00")
    hub.window.go(f"/exchange/food/{cycle}/desk/")
    hub.press("나누기 시작", "Share out now")
    hub.look("sharing")
    work_off()
    hub.window.go(f"/exchange/food/{cycle}/desk/")
    assert hub.say("모두 나누었습니다", "All is shared out") in hub.look("shared")


def read_why(member: Walk, basket: str, cycle: str) -> None:
    """She got less than she asked: one sentence, then the page with every rule beside."""
    member.window.go(f"/exchange/food/baskets/{basket}/")
    told = member.look("got")
    assert member.say("4 kg 주문, 3 kg 받음", "4 kg asked, 3 kg given") in told
    page = member.window.page
    product = Pool.rows.get(parent=cycle, title="감자")
    page.locator(f"a[href$='/exchange/food/products/{product.id}/']").first.click()
    told = member.look("shortage")
    assert member.say("똑같이 줄이기", "Equal losses") in told
    assert product.input_hash in told
    with page.expect_download() as download:
        page.locator("a[href$='/inputs/']").click()
    data = Path(download.value.path()).read_bytes()
    assert hashlib.sha256(data).hexdigest() == product.input_hash


def pack(hub: Walk, cycle: str, baskets: list[str]) -> None:
    """Both baskets are packed with the keyboard alone; the scale says 1.1 kg of pumpkin."""
    page = hub.window.page
    pumpkin = Pool.rows.get(parent=cycle, title="단호박").id
    hub.follow("꾸리고 건네기", "Pack and hand over")
    hub.look("packing")
    hub.follow("품목마다", "By product")
    hub.look("packing_products")
    page.go_back()
    page.locator(".tiles-big a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    for number in (1, 2):
        page.locator(f"#f-w_{pumpkin}").fill("1.1 kg")
        hub.look(f"pack_{number}")
        page.locator(f"#f-w_{pumpkin}").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert {Agreement.rows.get(id=one).state for one in baskets} == {"packed"}
    hub.look("packed")


def hand_over(hub: Walk, members: list[tuple[Walk, str]], cycle: str) -> None:
    """One shows a code that the keeper scans; with the other each presses the button."""
    (first, one), (second, two) = members
    seen: list[str] = []
    drawn = page_of_code.qr_svg

    def keep(text: str, label: str) -> object:
        seen.append(text)
        return drawn(text, label)

    page_of_code.qr_svg = keep  # type: ignore[assignment]  # the same, and kept
    try:
        first.window.go(f"/exchange/food/baskets/{one}/")
        first.look("to_fetch")
        first.follow("내 코드 보이기", "Show my code")
        first.look("code")
    finally:
        page_of_code.qr_svg = drawn
    hub.window.page.goto(seen[0])
    hub.window.page.locator("form.form button[type=submit]").first.click()
    hub.window.page.wait_for_load_state()
    assert Agreement.rows.get(id=one).state == "delivered"
    hub.window.go(f"/exchange/food/{cycle}/packing/{two}/")
    hub.look("hand_over")
    hub.press("건넸다고 적기", "I handed it over")
    second.window.go(f"/exchange/food/baskets/{two}/")
    second.window.page.locator("#form-hand_over button").click()
    second.window.page.wait_for_load_state()
    assert Agreement.rows.get(id=two).state == "delivered"


def settle(hub: Walk, members: list[tuple[Walk, str]], cycle: str) -> None:
    """One says that all is well, the other that half a kilogram is spoilt; the hub agrees."""
    (first, one), (second, two) = members
    first.window.go(f"/exchange/food/baskets/{one}/")
    first.look("delivered")
    first.window.page.locator("#form-accept button").click()
    first.window.page.wait_for_load_state()
    page = second.window.page
    second.window.go(f"/exchange/food/baskets/{two}/")
    page.select_option("#form-claim select", label="감자")
    page.locator("#form-claim [name=missing]").fill("0.5 kg")
    second.look("claim")
    page.locator("#form-claim button").click()
    page.wait_for_load_state()
    hub.window.go(f"/exchange/food/{cycle}/after/")
    hub.look("left")
    hub.window.page.locator(f"a[href$='/exchange/food/baskets/{two}/']").first.click()
    hub.window.page.locator("#form-resolve [name=missing]").fill("500 g")
    hub.look("resolve")
    hub.window.page.locator("#form-resolve button").click()
    hub.window.page.wait_for_load_state()
    hub.window.go(f"/exchange/food/{cycle}/after/")
    hub.look("settled")
    second.window.go(f"/exchange/food/baskets/{two}/receipt/")
    second.look("receipt")


@pytest.mark.parametrize("language", LANGUAGES)
def test_vegetables_are_ordered_shared_packed_and_settled(
    visit: Visit, market: Market, clock: Clock, tmp_path: Path, language: str
) -> None:
    hub = walk(visit, market.keeper, TABLET, language)
    first, second = (walk(visit, one, PHONE, language) for one in (market.first, market.second))
    cycle = open_cycle(hub)
    bring_list(hub, cycle, tmp_path)
    one = order(first, cycle, 2000, "first")
    two = order(second, cycle, 4000, "second")
    baskets = [(first, one), (second, two)]
    close(hub, cycle, clock)
    read_why(second, two, cycle)
    pack(hub, cycle, [one, two])
    clock.at("2026-05-12T16:30:00+09:00")
    hand_over(hub, baskets, cycle)
    settle(hub, baskets, cycle)
    assert {Agreement.rows.get(id=key).state for key in (one, two)} == {"settled"}
    # 2 kg of potatoes at 3,000 won a half, 1.1 kg of pumpkin at 4,000; then 3 kg less 500 g
    paid = [balance(market.accounts[key])[0] for key in (market.first.id, market.second.id)]  # type: ignore[arg-type]  # accounts
    assert paid == [-16_400, -19_400]
    assert Party.rows.filter(role="buyer").count() == 2
    faults = [*hub.faults, *first.faults, *second.faults]
    assert faults == [], "\n".join(faults)

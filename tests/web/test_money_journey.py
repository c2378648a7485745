"""Journey: two neighbours pay each other by code on a phone, in hours and in vouchers.

The receipt, both statements, the trial balance and the journal in the public tool agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import pytest
import segno
from beancount import loader
from playwright.sync_api import Page, expect

from dure.core import clock as database_clock
from dure.core.actors import Actor, Role
from dure.core.door import load_grants
from dure.ledger.models import Account, Book, PaymentRequest
from dure.ledger.queries import checks, exports, passages, trial
from tests.harness.clock import Clock
from tests.harness.people import person_with
from tests.ledger.programmes import a_runner, funded, granted, member, opened
from tests.web.conftest import LANGUAGES, Visit, Window
from tests.web.test_money_codes import drawn

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NOW = "2026-05-20T10:00:00+09:00"
TODAY = date(2026, 5, 20)
WORDS = {
    "ko": {
        "make": "받을 코드 만들기",
        "pay": "내기",
        "hours": "1시간 30분",
        "vouchers": "상품권 6,000원",
        "receipt": "영수증",
        "received": "받았습니다",
        "find": "찾기",
    },
    "en": {
        "make": "Make the code",
        "pay": "Pay",
        "hours": "1 h 30 min",
        "vouchers": "6,000 won in vouchers",
        "receipt": "Receipt",
        "received": "Received",
        "find": "Find it",
    },
}


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two people with hours and vouchers, and the books of both programmes."""

    one: Actor
    other: Actor
    hours: tuple[Account, Account]
    vouchers: tuple[Account, Account]
    books: tuple[Book, Book]
    auditor: Actor


@pytest.fixture(autouse=True)
def _now(clock: Clock, site: object) -> None:
    clock.at(NOW)


@pytest.fixture
def neighbours(site: object) -> Neighbours:
    runner = a_runner()
    bank, vouchers = opened("timebank", runner), opened("regional", runner)
    funded(vouchers, 1_000_000)
    one, hours_one = member(bank)
    other, hours_other = member(bank)
    _, paper_one = member(vouchers, one)
    _, paper_other = member(vouchers, other)
    granted(vouchers, "2026-06-01", (one, 5_000), (other, 5_000))
    granted(vouchers, "2026-07-01", (one, 3_000))
    auditor = person_with(Role.AUDITOR, organisation=runner.organisation)
    return Neighbours(
        one,
        other,
        (hours_one, hours_other),
        (paper_one, paper_other),
        (bank.book, vouchers.book),
        load_grants(auditor, database_clock.now()),
    )


def look(window: Window, name: str, *, sound: bool = True) -> None:
    """Nothing for axe, nothing sideways, no small target; a picture for a person."""
    if sound:
        found = window.sound() + window.sideways() + window.small_targets()
        assert found == [], f"{name}: {found}"
        window.picture(f"money_{name}")


def make_code(window: Window, account: Account, amount: str, *, sound: bool) -> PaymentRequest:
    """Ask for a code of one sale; what is drawn must be its address."""
    words, page = WORDS[window.language], window.page
    assert window.go(f"/money/show/?account={account.pk}") == 200
    look(window, f"show_{account.unit_id}", sound=sound)
    form = page.locator("#form-sale")
    form.locator("input[name=amount]").fill(amount)
    form.locator("input[name=purpose]").fill("장보기 도움")
    form.get_by_role("button", name=words["make"]).click()
    made = PaymentRequest.rows.latest("id")
    look(window, f"code_{account.unit_id}", sound=sound)
    assert f"{made.digits[:4]} {made.digits[4:]}" in page.inner_text("main")
    assert read_by_a_camera(page, f"{window.site.url}/pay/{made.token}")
    return made


def read_by_a_camera(page: Page, address: str) -> bool:
    """Whether the drawing on the page is the code of this address, module by module."""
    path = page.locator("svg.qr path").last.get_attribute("d") or ""
    matrix = segno.make(address, error="m", micro=False, boost_error=False).matrix
    wanted = {(x + 4, y + 4) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}
    return drawn(path) == wanted


def confirm(window: Window, shown: str, name: str, *, sound: bool) -> int:
    """Confirm the check page and give the number of the receipt."""
    words, page = WORDS[window.language], window.page
    assert shown in page.inner_text("main")
    look(window, f"pay_{name}", sound=sound)
    page.get_by_role("button", name=re.compile(words["pay"])).first.click()
    assert words["receipt"] in page.inner_text("h1")
    assert shown in page.inner_text("main")
    look(window, f"receipt_{name}", sound=sound)
    found = re.search(r"/money/receipts/(\d+)/", page.url)
    assert found is not None
    return int(found[1])


def both_ways(visit: Visit, neighbours: Neighbours, language: str, *, script: bool) -> None:
    words = WORDS[language]
    payer = visit(360, language, script=script)
    taker = visit(360, language, script=script)
    payer.sign_in(neighbours.one)
    taker.sign_in(neighbours.other)
    # hours: the camera opens the address of the code
    code = make_code(taker, neighbours.hours[1], words["hours"], sound=script)
    assert payer.go(f"/pay/{code.token}/") == 200
    confirm(payer, words["hours"], "hours", sound=script)
    if script:  # the page that shows the code learns of it by itself
        expect(taker.page.locator("h1")).to_have_text(words["received"], timeout=15_000)
    else:
        taker.page.get_by_role("link", name=re.compile("다시 살펴보기|Look again")).click()
        assert words["received"] in taker.page.inner_text("h1")
    # vouchers: the eight digits are typed
    code = make_code(taker, neighbours.vouchers[1], "6,000", sound=script)
    assert payer.go("/money/scan/") == 200
    payer.page.locator("input[name=code]").fill(code.digits or "")
    payer.page.get_by_role("button", name=words["find"]).click()
    confirm(payer, words["vouchers"], "vouchers", sound=script)


def agree(visit: Visit, neighbours: Neighbours, language: str) -> None:
    """Statements of the pages, stored balances and both trial balances say the same."""
    words = WORDS[language]
    hours = (f"−{words['hours']}", f"+{words['hours']}")
    lots = (
        words["vouchers"].replace("6,000", "5,000"),
        words["vouchers"].replace("6,000", "1,000"),
    )
    for place, who in enumerate((neighbours.one, neighbours.other)):
        window = visit(360, language)
        window.sign_in(who)
        sign = "−+"[place]
        for account, told in (
            (neighbours.hours[place], [hours[place]]),
            (neighbours.vouchers[place], [sign + lot for lot in lots]),  # one row a lot
        ):
            assert window.go(f"/money/{account.pk}/statement/") == 200
            shown = window.page.inner_text("table")
            assert [amount for amount in told if amount not in shown] == []
            statement = passages.statement(who, account.pk, TODAY, TODAY)
            assert statement.closing == statement.wallet.balance
            closing = 0
            for book in neighbours.books:
                rows = trial.balance(neighbours.auditor, str(book.pk), TODAY).rows
                parts = {str(number) for number in passages.ids_of(statement.wallet.id)}
                closing += sum(row.closing for row in rows if row.account_id in parts)
            assert closing == statement.closing
    for book in neighbours.books:
        found = trial.balance(neighbours.auditor, str(book.pk), TODAY)
        assert [(one.closing, one.debits == one.credits) for one in found.totals] == [
            (0, True) for _ in found.totals
        ]
        journal = "".join(exports.journal(neighbours.auditor, str(book.pk)))
        entries, errors, _ = loader.load_string(journal)
        assert (errors, len(entries) > 0) == ([], True), "the public tool balances the journal"
    assert checks.check_books().faults == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_neighbours_pay_each_other_by_code(
    visit: Visit, neighbours: Neighbours, language: str
) -> None:
    both_ways(visit, neighbours, language, script=True)
    agree(visit, neighbours, language)


def test_the_same_without_script(visit: Visit, neighbours: Neighbours) -> None:
    both_ways(visit, neighbours, "ko", script=False)
    agree(visit, neighbours, "ko")

"""The treasurer's and the auditor's pages in a browser: sound at a phone's width, no script."""

from __future__ import annotations

from pathlib import Path

import pytest

from dure.core import clock
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.ledger.models import Account, StatementLine
from tests.harness import people
from tests.ledger.givens import an_account
from tests.ledger.test_reconciling import HEAD, World
from tests.web.conftest import LANGUAGES, Visit, Window

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAYMENTS = "보내는 계정,받는 쪽,금액,용도,날짜"


@pytest.fixture
def pages(visit: Visit) -> tuple[World, list[str]]:
    """A book with a bank file half matched, a sealed row, a check; and its addresses."""
    world = World()
    seal_and_check()
    lines = ("{0},x,,1000000,1000000,B1", "{0},x,300000,,700000,B2", "{0},x,500,,699500,B3")
    content = "\n".join((HEAD, *(one.format(clock.today()) for one in lines), "")).encode()
    body = {"account_id": str(world.bank.pk), "content": content}
    run("ledger.statement.import", body, world.importer)
    book = f"/treasury/books/{world.book.pk}/"
    at = f"{book}reconcile/{world.bank.pk}/"
    number = StatementLine.rows.get(external_ref="B3").pk
    return world, [
        "/audit/books/",
        f"/audit/books/proof/{world.rows[0]}/",
        f"{book}batch/",
        f"{book}reconcile/",
        at,
        f"{at}waive/{number}/",
    ]


def seal_and_check() -> None:
    run("ledger.seal.write", {}, Actor.operator())
    run("core.heads.publish", {}, Actor.operator())
    run("ledger.books.check", {}, Actor.operator())


def faults_of(window: Window, name: str) -> list[str]:
    window.picture(f"treasury_{name}")
    found = window.sound() + window.sideways() + window.small_targets()
    return [f"{name} {window.language}: {one}" for one in found]


def test_pages_of_the_books_are_sound(
    visit: Visit, pages: tuple[World, list[str]], tmp_path: Path
) -> None:
    world, addresses = pages
    fund = an_account(
        world.book, organisation=world.organisation, unit="KRW", lo=-(10**6), label="사업비"
    )
    faults: list[str] = []
    for language in LANGUAGES:
        window = visit(360, language, script=True)
        window.sign_in(world.other)
        for number, address in enumerate(addresses):
            assert window.go(address) == 200, address
            assert window.page.locator("h1").count() == 1
            faults += faults_of(window, f"{number}")
        faults += walk_a_batch(window, world, fund, addresses[2], tmp_path)
    auditor = people.person_with(Role.AUDITOR, organisation=world.organisation)
    window = visit(360, "ko")
    window.sign_in(auditor)
    assert window.go("/audit/books/") == 200
    faults += faults_of(window, "auditor")
    assert faults == [], "\n".join(faults)


def walk_a_batch(
    window: Window, world: World, fund: Account, address: str, folder: Path
) -> list[str]:
    """A file with a bad row, then the good one to its receipt."""
    faults: list[str] = []
    for name, amount in (("bad", "1_0"), ("good", '"12,000"')):
        rows = (f"{fund.pk},{world.fund.pk},{amount},강사비,", f"{fund.pk},{world.fund.pk},5,떡,")
        file = folder / f"{name}.csv"
        file.write_text("\n".join((PAYMENTS, *rows, "")), encoding="utf-8")
        window.go(address)
        window.page.set_input_files("#f-file", str(file))
        window.page.locator("main form button[type=submit]").first.click()
        window.page.wait_for_selector("table")
        faults += faults_of(window, f"batch_{name}")
    window.page.locator("main form button[type=submit]").first.click()
    window.page.wait_for_url(f"**{address}*/")
    return faults + faults_of(window, "batch_done")

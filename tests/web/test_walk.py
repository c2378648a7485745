"""Every page that the rooms bring, for whoever may read it: sound in both languages and widths."""

from __future__ import annotations

from typing import Any

import pytest

from dure.core.actors import Actor, Role
from dure.ledger.models import Book
from dure.registry.models import Organisation
from tests.harness.people import MAPO, organisation, person_with
from tests.web.conftest import LANGUAGES, WIDTHS, Site, Visit, Window
from tests.web.walk import client_of, load_demo, pages_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def people() -> dict[str, Actor]:
    """One actor of each kind that has pages of its own, the most ordinary first."""
    place = organisation("가람협동조합")
    return {
        "visitor": Actor.anonymous(),
        "resident": person_with(Role.RESIDENT, district=MAPO),
        "member": person_with(Role.MEMBER, organisation=place),
        "staff": person_with(Role.STAFF, district=MAPO),
        "board": person_with(Role.BOARD, organisation=place),
        "official": person_with(Role.OFFICIAL, district=MAPO),
        "analyst": person_with(Role.ANALYST, purpose="indicators"),
        "treasurer": person_with(Role.TREASURER, organisation=keeper()),
        "auditor": person_with(Role.AUDITOR, district=MAPO),
        "vault": person_with(Role.VAULT, purpose="identity"),
    }


def keeper() -> Organisation:
    """An organisation of the demo that keeps a book."""
    found: Organisation = Book.rows.select_related("organisation").order_by("pk")[0].organisation
    return found


@pytest.fixture
def found(site: Site) -> dict[str, tuple[Actor, dict[str, str]]]:
    """Each actor with the pages that nobody before could read."""
    load_demo()
    known: set[str] = set()
    shared: dict[str, tuple[Actor, dict[str, str]]] = {}
    for who, actor in people().items():
        pages = pages_of(client_of(actor))
        shared[who] = (actor, {name: path for name, path in pages.items() if name not in known})
        known |= set(pages)
    return shared


def faults_of(window: Window, path: str) -> list[str]:
    status = window.go(path)
    faults = [] if status == 200 else [f"status {status}"]
    faults += window.sound() + window.sideways() + window.small_targets()
    if window.page.locator("h1").count() != 1:
        faults.append("not one h1")
    if window.page.locator("html").get_attribute("lang") != window.language:
        faults.append("wrong language of the page")
    if window.language == "en":
        faults += [f"Korean words of ours: {one}" for one in korean_words(window)]
    return [f"{path} {window.language} {window.width}: {fault}" for fault in faults]


def korean_words(window: Window) -> list[str]:
    """Hangul in words that are ours on an English page; names and data may be Korean.

    A name where our own words would stand says so itself (``translate="no"``).
    """
    told: list[str] = window.page.locator(
        "button, th[scope=col], legend:not([translate=no]), .field > label, .nav a, .tabs a"
    ).all_inner_texts()
    return [text for text in told if any("가" <= letter <= "힣" for letter in text)]


def test_every_page_of_every_room_is_sound(
    visit: Visit, found: dict[str, tuple[Actor, dict[str, str]]], settings: Any
) -> None:
    visitor = set(found["visitor"][1])
    assert {"web:about", "web:words", "web:dashboard", "web:definition"} <= visitor
    assert "web:me" in found["resident"][1]
    assert {"web:treasury_book", "web:treasury_batch"} <= set(found["treasurer"][1])
    assert any("web:audit_books" in pages for _actor, pages in found.values())
    faults: list[str] = []
    for who, (actor, pages) in found.items():
        for width in WIDTHS:
            for language in LANGUAGES:
                if not pages:
                    continue
                window = visit(width, language)
                window.sign_in(actor)
                for name, path in pages.items():
                    faults += faults_of(window, path)
                    window.picture(f"{who}_{name}")
    assert faults == [], "\n".join(faults)

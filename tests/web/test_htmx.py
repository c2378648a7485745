"""htmx only improves: the part of a page changes as one types, and no policy is bent for it."""

from __future__ import annotations

import pytest

from tests.web.conftest import Visit

pytestmark = pytest.mark.browser


def test_search_answers_as_one_types(visit: Visit) -> None:
    window = visit(1280, "ko")
    window.go("/about/words/")
    before = window.page.locator(".facts dt").count()
    window.page.locator("#f-q").press_sequentially("화면")
    window.page.wait_for_function(
        "n => document.querySelectorAll('.facts dt').length < n", arg=before, timeout=5000
    )
    assert window.page.evaluate("document.activeElement.id") == "f-q"
    assert "q=" in window.page.url


def test_pages_without_a_live_search_carry_no_script(visit: Visit) -> None:
    window = visit(360, "ko")
    for path in ("/", "/about/", "/gallery/dashboard/many/", "/city/"):
        window.go(path)
        assert window.page.locator("script").count() == 0, path

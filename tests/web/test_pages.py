"""Every page of the list: two languages, two widths, axe, no sideways scroll, no policy report."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from tests.web.conftest import LANGUAGES, WIDTHS, Site, Visit, Window, listen

pytestmark = pytest.mark.browser

PUBLIC = ["/about/", "/about/words/", "/about/pages/", "/nowhere/"]
ARCHETYPES = (
    "dashboard", "list", "record", "form", "wizard", "desk", "calendar", "pool", "document",
)  # fmt: skip
STATES = ("empty", "one", "many", "long-ko", "long-en", "error", "forbidden", "loading")
GALLERY = ["/gallery/", "/gallery/charts/"]
GALLERY += [f"/gallery/parts/{state}/" for state in STATES]
MISSING = {"/nowhere/": 404}


def faults_of(window: Window, path: str) -> list[str]:
    """Everything that is wrong with one page in one window."""
    wanted = 403 if path.endswith("/forbidden/") and "parts" not in path else MISSING.get(path, 200)
    status = window.go(path)
    faults = [] if status == wanted else [f"status {status}"]
    faults += window.sound() + window.sideways() + window.small_targets()
    if window.page.locator("h1").count() != 1:
        faults.append("not one h1")
    if window.page.locator("html").get_attribute("lang") != window.language:
        faults.append("wrong language of the page")
    return [f"{path} {window.language} {window.width}: {fault}" for fault in faults]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_sound(visit: Visit, width: int, language: str) -> None:
    window = visit(width, language)
    faults: list[str] = []
    for path in [*PUBLIC, *GALLERY]:
        faults += faults_of(window, path)
        window.picture(path)
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ARCHETYPES)
def test_every_archetype_is_sound_in_every_state(visit: Visit, name: str, language: str) -> None:
    faults: list[str] = []
    narrow, wide = visit(360, language), visit(1280, language)
    for state in STATES:
        path = f"/gallery/{name}/{state}/"
        faults += faults_of(narrow, path)
        wide.go(path)
        faults += [f"{path} 1280: {fault}" for fault in wide.sideways()]
    for window in (narrow, wide):
        window.go(f"/gallery/{name}/many/")
        faults += window.sound()
        window.picture(f"/gallery/{name}/many/")
    assert faults == []


def test_gallery_holds_on_a_small_screen_and_in_the_dark(visit: Visit) -> None:
    faults: list[str] = []
    small, dark = visit(320, "en"), visit(360, "ko", dark=True)
    for path in ("/gallery/parts/long-en/", "/gallery/charts/", "/gallery/list/long-ko/"):
        faults += faults_of(small, path) + faults_of(dark, path)
        dark.picture(f"dark_{path}")
    assert faults == []


def test_text_of_twice_the_size_does_not_scroll_sideways(visit: Visit) -> None:
    """200 % zoom of a window of 1280 is a window of 640 in the page's own pixels."""
    window = visit(640, "en")
    window.go("/gallery/parts/long-en/")
    assert window.sideways() == []


def test_page_works_without_script(visit: Visit) -> None:
    window = visit(360, "ko", script=False)
    window.page.goto(window.site.at("/about/words/"))
    window.page.fill("#f-q", "화면")
    window.page.click(".filters .button.primary")
    assert "q=%ED%99%94%EB%A9%B4" in window.page.url
    assert window.page.locator(".facts dt").count() >= 1


def test_menu_opens_by_keyboard_without_script(visit: Visit) -> None:
    window = visit(360, "ko", script=False)
    window.page.goto(window.site.at("/about/"))
    window.page.focus(".menu-button")
    window.page.keyboard.press("Enter")
    window.page.locator("#menu a").first.wait_for(state="visible")
    window.page.keyboard.press("Escape")
    window.page.locator("#menu a").first.wait_for(state="hidden")


def test_skip_link_is_first_and_leads_to_the_content(visit: Visit) -> None:
    window = visit(1280, "en")
    window.go("/about/")
    window.page.keyboard.press("Tab")
    assert window.page.evaluate("document.activeElement.className") == "skip"
    window.page.keyboard.press("Enter")
    assert window.page.evaluate("document.activeElement.id") == "main"


def test_focus_is_drawn_three_pixels_wide(visit: Visit) -> None:
    window = visit(1280, "ko")
    window.go("/about/")
    for _step in range(3):
        window.page.keyboard.press("Tab")
    style = window.page.evaluate(
        "(s => [s.outlineStyle, s.outlineWidth])(getComputedStyle(document.activeElement))"
    )
    assert style == ["solid", "3px"]


def test_language_switch_keeps_page_and_query(visit: Visit) -> None:
    window = visit(1280, "ko")
    window.go("/about/words/?q=a")
    window.page.click(".tools a[hreflang=en]")
    assert window.page.url.endswith("/en/about/words/?q=a")
    window.page.click(".tools a[hreflang=ko]")
    assert re.sub(r".*?//[^/]+", "", window.page.url) == "/about/words/?q=a"


def test_refused_form_puts_the_focus_on_its_errors(visit: Visit) -> None:
    window = visit(360, "ko")
    window.go("/gallery/form/error/")
    assert window.page.evaluate("document.activeElement.id") == "errors"
    window.page.click("#errors a[href='#f-minutes']")
    assert window.page.evaluate("document.activeElement.id") == "f-minutes"
    assert window.page.input_value("#f-minutes") == "열"


def test_rare_syllables_have_glyphs(visit: Visit) -> None:
    window = visit(360, "ko")
    window.go("/gallery/list/long-ko/")
    assert "똠뷁" in window.page.inner_text("#found")
    assert "sans-serif" in window.page.evaluate("getComputedStyle(document.body).fontFamily")


def test_print_takes_dashboard_to_paper(visit: Visit) -> None:
    window = visit(1280, "ko")
    window.go("/gallery/dashboard/many/")
    window.page.emulate_media(media="print")
    assert window.page.locator(".nav").is_hidden()
    assert window.page.locator(
        "#t-" + window.page.locator("figure.map").get_attribute("id")
    ).is_visible()


def test_policy_report_of_a_planted_script_fails(site: Site, browser: Browser) -> None:
    context = browser.new_context()
    window = Window(site, context.new_page(), 360, "ko")
    listen(window)
    policy = {"Content-Security-Policy": "default-src 'self'", "Content-Type": "text/html"}
    body = (
        "<!doctype html><title>x</title><script>document.title='y'</script><p style='color:red'>x"
    )
    window.page.route("**/planted", lambda r: r.fulfill(status=200, headers=policy, body=body))
    window.page.goto(site.url + "/planted")
    window.page.wait_for_timeout(50)
    context.close()
    assert len(window.told) >= 2


def test_planted_faults_of_a_page_are_found(visit: Visit) -> None:
    window = visit(360, "ko")
    window.go("/about/")
    window.page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend',"
        "'<h1>2</h1><img src=/x.png><table width=900><tr><td>x</table><button>x</button>')"
    )
    assert any(one.startswith("image-alt") for one in window.sound())
    assert window.sideways()
    assert window.small_targets()

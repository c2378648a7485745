"""Share a ride on a phone: found, asked for, taken along, tapped, confirmed; by the keyboard."""

from __future__ import annotations

import pytest

from dure.core.actors import Actor
from dure.exchange.models import Agreement
from tests.harness.clock import Clock
from tests.web.conftest import LANGUAGES, WIDTHS, Visit, Window
from tests.web.ride_world import FIND, NOW, Road, a_road, ask, step

pytestmark = pytest.mark.browser
SOON = "2026-05-12T07:04:00+09:00"  # the server keeps the time that it began with


@pytest.fixture(autouse=True)
def _now(clock: Clock, site: object) -> None:
    clock.at(NOW)


def paths_of(road: Road) -> list[tuple[Actor, list[str]]]:
    """Who looks at which pages."""
    base = "/exchange/rides"
    return [
        (Actor.anonymous(), [f"{base}/", FIND, f"{base}/wishes/", f"{base}/{road.trip}/"]),
        (
            road.rider,
            [
                f"{base}/", FIND, FIND.replace("jung-seoul", "gangnam-station"),
                f"{base}/?board=mapo-hapjeong", f"{base}/{road.trip}/", f"{base}/new/",
                f"{base}/mine/", f"{base}/wish/", f"{base}/wishes/", f"{base}/safety/",
            ],
        ),
        (road.driver, [f"{base}/{road.trip}/", f"{base}/mine/", f"{base}/wishes/"]),
        (
            road.staff,
            [
                "/exchange/desk/points/", "/exchange/desk/points/new/",
                "/exchange/desk/points/mapo-hapjeong/",
            ],
        ),
    ]  # fmt: skip


def faults(window: Window, path: str) -> list[str]:
    """What is wrong with the page that is open."""
    found = window.sound() + window.sideways() + window.small_targets()
    if window.page.locator("h1").count() != 1:
        found.append("not one h1")
    return [f"{path} {window.language} {window.width}: {one}" for one in found]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_rides_are_sound(visit: Visit, width: int, language: str) -> None:
    road = a_road()
    ask(road.other, road.trip, note="짐이 하나 있어요")
    found: list[str] = []
    for number, (actor, paths) in enumerate(paths_of(road)):
        window = visit(width, language)
        window.sign_in(actor)
        for path in paths:
            status = window.go(path)
            found += [] if status == 200 else [f"{path}: status {status}"]
            found += faults(window, path)
            window.picture(f"ride_{number}_{path.replace(road.trip, 'trip')}")
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_ride_is_shared_on_a_phone_by_the_keyboard(
    visit: Visit, clock: Clock, language: str
) -> None:
    clock.at(SOON)
    road = a_road()
    rider, driver = visit(360, language), visit(360, language)
    rider.sign_in(road.rider)
    driver.sign_in(road.driver)
    found: list[str] = []

    def press(window: Window, selector: str) -> None:
        window.page.locator(selector).first.focus()
        with window.page.expect_navigation():
            window.page.keyboard.press("Enter")
        found.extend(faults(window, selector))

    rider.go("/exchange/rides/")
    rider.page.select_option("#f-board", "mapo-hapjeong")
    rider.page.select_option("#f-alight", "jung-seoul")
    rider.page.fill("#f-on", "2026-05-12")
    rider.page.fill("#f-at", "07:35")
    press(rider, "main form button")
    press(rider, "#found .card a")
    press(rider, "#form-ask button")
    assert Agreement.rows.get().state == "asked"
    rider.picture("ride_journey_1_asked")
    driver.go("/exchange/rides/mine/")
    press(driver, "main .card li a")
    driver.picture("ride_journey_2_driver")
    press(driver, "form[id^=form-accept] button")
    assert Agreement.rows.get().state == "accepted"
    here = rider.page.url
    rider.page.goto(here)
    assert "3번 출구" in rider.page.inner_text("main")
    driver.page.reload()
    driver.picture("ride_journey_3_leaving")
    press(driver, "form[id^=form-board] button")
    rider.page.goto(here)
    rider.picture("ride_journey_4_aboard")
    press(rider, "form[id^=form-alight] button")
    rider.picture("ride_journey_5_out")
    press(rider, "form[id^=form-confirm] button")
    case = Agreement.rows.get()
    assert (case.state, case.terms["proof"]) == ("settled", "both_taps")
    assert found == []


def test_taps_are_large(visit: Visit, clock: Clock) -> None:
    clock.at(SOON)
    road = a_road()
    case = ask(road.rider, road.trip)
    step(case, "accept", road.driver)
    window = visit(360, "ko")
    window.sign_in(road.rider)
    window.go(f"/exchange/rides/{road.trip}/")
    box = window.page.locator("form[id^=form-board] button").bounding_box()
    assert box is not None
    assert box["height"] >= 64
    assert box["width"] >= 240

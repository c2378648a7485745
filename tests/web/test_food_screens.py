"""Every page of the food hub with content: sound in both languages, on phone, tablet and desk."""

from __future__ import annotations

import pytest

from dure.core.actors import Actor
from tests.harness.clock import Clock
from tests.web.conftest import LANGUAGES, Visit
from tests.web.food_world import OPEN, Food, a_food, pack_all, share_out

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HERE = "/exchange/food/"


@pytest.fixture(autouse=True)
def _now(clock: Clock, site: object) -> None:
    clock.at(OPEN)


def paths_of(food: Food) -> list[tuple[str, Actor, list[str]]]:
    """Who looks at which pages."""
    cycle, basket = f"{HERE}{food.cycle}/", f"{HERE}baskets/{food.baskets[2]}/"
    shares = f"{HERE}products/{food.potatoes}/"
    return [
        (
            "visitor",
            Actor.anonymous(),
            [HERE, f"{HERE}?past=1", f"{HERE}?q=없는말", cycle, f"{cycle}?q=없는말", shares],
        ),
        (
            "member",
            food.buyers[2],
            [cycle, basket, f"{basket}receipt/", f"{basket}standing/", shares, f"{HERE}standing/"],
        ),
        (
            "keeper",
            food.hub.keeper,
            [
                f"{HERE}desk/", f"{HERE}desk/new/", f"{cycle}desk/", f"{cycle}lists/",
                f"{cycle}packing/", f"{cycle}packing/?part=packed", f"{cycle}packing/?q=99",
                f"{cycle}packing/products/", f"{cycle}packing/list/", f"{cycle}after/",
                f"{cycle}packing/products/{food.pumpkin}/",
                f"{cycle}packing/{food.baskets[0]}/", basket, f"{cycle}pay/",
            ],
        ),
        (
            "farmer",
            food.hub.farmer,
            [f"{HERE}desk/", f"{cycle}delivery/{food.hub.producer.id}/"],
        ),
    ]  # fmt: skip


def faults_of(visit: Visit, food: Food, width: int, language: str, step: str) -> list[str]:
    faults: list[str] = []
    for who, actor, paths in paths_of(food):
        window = visit(width, language, script=who != "visitor")
        window.sign_in(actor)
        for path in paths:
            status = window.go(path)
            found = [] if status == 200 else [f"status {status}"]
            if who != "visitor":
                found += window.sound() + window.sideways() + window.small_targets()
            if window.page.locator("h1").count() != 1:
                found.append("not one h1")
            faults += [f"{step} {path} {language} {width}: {one}" for one in found]
            name = path.replace(food.cycle, "c").replace(HERE, "")
            window.picture(f"food_{step}_{who}_{name}")
    return faults


@pytest.mark.parametrize(
    ("width", "language"), [(360, "ko"), (360, "en"), (820, "ko"), (1280, "en")]
)
def test_pages_with_content_are_sound(
    visit: Visit, clock: Clock, width: int, language: str
) -> None:
    food = a_food()
    faults = faults_of(visit, food, width, language, "open")
    share_out(food, clock)
    pack_all(Food(food.hub, food.buyers[2:], food.baskets[2:]))
    faults += faults_of(visit, food, width, language, "shared")
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize("language", LANGUAGES)
def test_zoomed_twice_nothing_runs_out_of_the_page(visit: Visit, language: str) -> None:
    food = a_food()
    window = visit(320, language)
    for who, actor, paths in paths_of(food):
        window.page.context.clear_cookies()
        window.sign_in(actor)
        for path in paths:
            window.go(path)
            assert window.sideways() == [], f"{who} {path}"

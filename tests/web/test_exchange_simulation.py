"""The page on which a process is tried with invented people."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from dure.exchange.processes import PROCESSES
from tests.web.conftest import LANGUAGES, Visit
from tests.web.test_listings import text_of

HERE = "/exchange/processes/{}/simulation/"


@pytest.mark.parametrize("key", sorted({one.key for one in PROCESSES}))
def test_every_process_can_be_tried_and_says_that_it_is_invented(db: object, key: str) -> None:
    page = text_of(Client(), HERE.format(key))
    assert "지어낸 결과입니다" in page and "1,000건이 어떻게 되었나" in page
    assert page == text_of(Client(), HERE.format(key)), "the address says it all"


@pytest.mark.parametrize("query", ["runs=0", "runs=5001", "runs=1e3", "seed=x", "runs=１０"])
def test_what_cannot_be_tried_is_asked_for_again(db: object, query: str) -> None:
    page = text_of(Client(), f"{HERE.format('carpool')}?{query}", 422)
    assert "부터" in page and "어떻게 되었나" not in page


def test_a_process_that_is_not_there_is_not_found(db: object) -> None:
    text_of(Client(), HERE.format("nothing"), 404)


def test_rules_are_read_once_however_many_cases_are_tried(
    db: object, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(40):
        text_of(Client(), f"{HERE.format('carpool')}?runs=200")


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_sound(visit: Visit, language: str) -> None:
    window = visit(360, language, script=False)
    window.go(HERE.format("food_order"))
    window = visit(360, language)
    assert window.go(HERE.format("food_order")) == 200
    assert window.sound() == []
    assert window.sideways() == [] and window.small_targets() == []

"""Matching runs: reasons that can be checked, nobody nagged, no trait that the law protects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, make_dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from dure.core import clock as at_now
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models.rules import RuleVersion
from dure.core.models.work import Notice
from dure.engines.matching import Listed, Term
from dure.exchange import matchable
from dure.exchange.models import Agreement, Listing, Match, Spec
from dure.registry.models.people import PersonFact
from tests.exchange.neighbours import NOW, Bank, answers, at, bank, offer, step
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import JONGNO, MAPO, person_with

pytestmark = pytest.mark.django_db
TUESDAY = {"starts": at("12T09:00"), "ends": at("12T12:00")}


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


@pytest.fixture
def here() -> Bank:
    return bank()


@pytest.fixture
def keeper() -> Actor:
    return person_with(Role.STAFF, district=MAPO)


def spec(code: str) -> int:
    return int(Spec.rows.get(scheme="dure", code=code).id)


def put_up(actor: Actor, side: str, code: str = "house", **more: object) -> str:
    body = {"spec_id": spec(code), "unit": "MIN", "qty_max": 60, "district": MAPO, **more}
    return offer(actor, side, **body)


def match(actor: Actor) -> Any:
    return run("exchange.match.run", {"district": MAPO}, actor).result


def pair(here: Bank, **more: object) -> tuple[Actor, Actor, str, str]:
    """Who asks, who offers, and their listings."""
    anna, ben = here.neighbour(), here.neighbour()
    wish = put_up(anna, "request", **TUESDAY)
    return anna, ben, wish, put_up(ben, "offer", **TUESDAY, **more)


def test_run_suggests_with_its_terms_and_tells_both_sides_once(here: Bank, keeper: Actor) -> None:
    place = {"latitude_e5": 3_755_000, "longitude_e5": 12_691_000}
    anna, ben = here.neighbour(), here.neighbour()
    wish = put_up(anna, "request", **TUESDAY, **place)
    place["latitude_e5"] += 2_700
    give = put_up(ben, "offer", **TUESDAY, **place)
    done = match(keeper)
    assert (done.requests, done.offers, done.suggested, done.new) == (1, 1, 1, 1)
    row = Match.rows.get()
    assert (str(row.request_id), str(row.offer_id), row.rank) == (wish, give, 1)
    assert [one["code"] for one in row.reasons] == ["skill", "nearness", "slot", "balance"]
    near = row.reasons[1]
    assert (near["value"], near["of"], near["ppm"]) == (
        2_224,
        5_000,
        555_200,
    )  # as far as neighbourhoods are apart
    assert row.score == 400_000 + 138_800 + 200_000
    assert row.score == sum(one["ppm"] * one["weight"] for one in row.reasons) // 1_000_000
    version = RuleVersion.rows.get(rule_id="exchange.match.weights")
    assert row.rule_version == version.id
    told = Notice.rows.filter(template="exchange.matched")
    assert set(told.values_list("person", flat=True)) == {anna.id, ben.id}
    assert match(keeper).new == 0
    assert told.count() == 2, "the same pair is not told again"
    assert sorted(Match.rows.values_list("state", flat=True)) == ["lapsed", "proposed"]


def test_who_is_short_of_hours_comes_first(here: Bank, keeper: Actor) -> None:
    anna, rich, poor = here.neighbour(), here.neighbour(), here.neighbour()
    give = put_up(poor, "request", "garden")
    run("exchange.listing.answer", {"listing_id": give}, rich)
    body = {
        "process": "time_exchange", "start": "request", "listing_id": give,
        "other_id": str(rich.id), "terms": answers(minutes=300),
    }  # fmt: skip
    case = str(run("exchange.agreement.open", body, poor).result.id)
    for actor, name in ((rich, "accept"), (rich, "claim"), (poor, "confirm")):
        step(actor, case, name, **({"minutes": 300} if name == "claim" else {}))
    put_up(anna, "request")
    offers = [put_up(one, "offer") for one in (rich, poor)]
    match(keeper)
    found = [str(one.offer_id) for one in Match.rows.filter(offer__isnull=False).order_by("rank")]
    assert found == offers[::-1]
    assert [one["ppm"] for one in Match.rows.get(rank=1, offer=offers[1]).reasons][3] == 500_000


def test_only_those_who_keep_the_district_run_it(here: Bank) -> None:
    pair(here)
    for actor in (person_with(Role.STAFF, district=JONGNO), here.keeper, here.neighbour()):
        with pytest.raises(Refusal, match=r"core\.not_allowed"):
            match(actor)
    assert Match.rows.count() == 0
    assert match(Actor.timer("exchange.match.nightly")).suggested == 1


def test_night_asks_for_one_run_a_district_with_requests(here: Bank) -> None:
    pair(here)
    put_up(here.neighbour(), "offer", district=JONGNO)
    timer = Actor.timer("exchange.match.nightly")
    assert len(run("exchange.match.nightly", {}, timer).result.jobs) == 1


@pytest.mark.parametrize(
    ("more", "count"),
    [
        ({}, 1),
        ({"reciprocity": "gift"}, 0),
        ({"code": "pets"}, 0),
        ({"code": "phone"}, 0),
        ({"district": JONGNO}, 0),
        ({"audience": "members"}, 0),
    ],
)
def test_what_does_not_fit_is_not_suggested(
    here: Bank, keeper: Actor, more: dict[str, Any], count: int
) -> None:
    anna, ben = here.neighbour(), here.neighbour()
    put_up(anna, "request")
    more = dict(more)
    put_up(ben, "offer", more.pop("code", "house"), **more)
    assert match(keeper).suggested == count


def test_akin_skill_counts_as_the_rulebook_says(here: Bank, keeper: Actor) -> None:
    put_up(here.neighbour(), "request", "moving")
    put_up(here.neighbour(), "offer", "house")
    match(keeper)
    assert Match.rows.get().reasons[0]["value"] == 300_000


def test_who_left_matching_is_not_suggested_and_may_come_back(here: Bank, keeper: Actor) -> None:
    anna, ben, wish, give = pair(here)
    match(keeper)
    with pytest.raises(Refusal, match=r"core\.not_found|core\.not_allowed"):
        run("exchange.listing.leave_matching", {"listing_id": give, "left": True}, anna)
    run("exchange.listing.leave_matching", {"listing_id": give, "left": True}, ben)
    assert Match.rows.get().state == "lapsed"
    assert match(keeper).suggested == 0
    run("exchange.listing.leave_matching", {"listing_id": give, "left": False}, ben)
    assert match(keeper).suggested == 1
    assert Listing.rows.get(id=wish).terms == {}


def test_requester_takes_and_an_agreement_begins(here: Bank, keeper: Actor) -> None:
    anna, ben, _, give = pair(here)
    match(keeper)
    one = str(Match.rows.get().id)
    body = {"match_id": one, "terms": answers(minutes=60)}
    with pytest.raises(Refusal, match=r"core\.not_found"):
        run("exchange.match.take", body, here.neighbour())
    taken = run("exchange.match.take", body, anna).result
    case = Agreement.rows.get(id=taken.agreement)
    assert (str(case.listing_id), case.state) == (give, "asked")
    assert Match.rows.get().state == "accepted"
    assert step(ben, str(case.id), "accept") == "scheduled"
    with pytest.raises(Refusal, match=r"exchange\.not_matched"):
        run("exchange.match.take", body, anna)
    assert match(keeper).suggested == 0, "what was accepted is not suggested again"


def test_who_offers_answers_and_the_other_chooses(here: Bank, keeper: Actor) -> None:
    _, ben, wish, _ = pair(here)
    match(keeper)
    taken = run("exchange.match.take", {"match_id": str(Match.rows.get().id)}, ben).result
    assert taken.agreement is None
    answer = Match.rows.get(id=taken.answer)
    assert (str(answer.request_id), answer.answered_by, answer.state) == (wish, ben.id, "proposed")
    assert Agreement.rows.count() == 0


def test_declined_with_a_reason_of_the_list_is_not_suggested_again(
    here: Bank, keeper: Actor
) -> None:
    anna, *_ = pair(here)
    match(keeper)
    body = {"match_id": str(Match.rows.get().id)}
    with pytest.raises(Refusal, match=r"core\.bad_field"):
        run("exchange.match.decline", {**body, "why": "too old"}, anna)
    run("exchange.match.decline", {**body, "why": "far"}, anna)
    row = Match.rows.get()
    assert (row.state, row.reasons[-1]) == ("declined", {"code": "declined", "why": "far"})
    assert match(keeper).suggested == 0


# --- weights


def weights(*rows: tuple[str, int]) -> None:
    """Adopt other weights today."""
    with given() as audit:
        RuleVersion.rows.create(
            rule_id="exchange.match.weights",
            value=[list(row) for row in rows],
            valid=(at_now.today(), None),
            source="시험",
            written_at=at_now.now(),
            audit=audit,
        )


GOOD = (("skill", 500_000), ("nearness", 250_000), ("slot", 100_000), ("balance", 150_000))


@pytest.mark.parametrize(
    "rows",
    [
        (("skill", 500_000), ("nearness", 250_000), ("slot", 100_000), ("balance", 150_001)),
        (("skill", 1_100_000), ("nearness", -100_000), ("slot", 0), ("balance", 0)),
        (("skill", 500_000), ("nearness", 250_000), ("slot", 250_000)),
        (*GOOD[:3], ("balance", 100_000), ("sex", 50_000)),
        (*GOOD[:3], ("balance", 75_000), ("balance", 75_000)),
    ],
)
def test_weights_that_do_not_sum_or_name_another_trait_refuse(
    here: Bank, keeper: Actor, rows: tuple[tuple[str, int], ...]
) -> None:
    pair(here)
    weights(*rows)
    for name in ("exchange.match.run", "exchange.match.ask"):
        with pytest.raises(Refusal, match=r"exchange\.bad_weights"):
            run(name, {"district": MAPO}, keeper)
    assert Match.rows.count() == 0


def test_other_weights_that_sum_are_used(here: Bank, keeper: Actor) -> None:
    pair(here)
    weights(*GOOD)
    match(keeper)
    assert Match.rows.get().score == 500_000 + 100_000


# --- no trait that the law protects

ALLOWED = {
    "id", "party", "spec", "place", "slots", "quantity_min", "quantity_max", "reciprocity",
    "balance", "floor", "ceiling",
}  # fmt: skip
COLUMN = re.compile(r'"([a-z_]+)"\."([a-z_0-9]+)"')


def strange_fields(kind: type) -> set[str]:
    return {one.name for one in fields(kind)} - ALLOWED


@contextmanager
def columns_read() -> Iterator[set[tuple[str, str]]]:
    """Which columns statements name; a statement that names none with its table is told whole."""
    found: set[tuple[str, str]] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.update(COLUMN.findall(sql))
        found.update((table, "") for table in re.findall(r'(?:FROM|JOIN) "?([a-z_]+)', sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


def strange_columns(read: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {
        (table, column)
        for table, column in read
        if table not in matchable.READ or (column and column not in matchable.READ[table])
    }


def read_market() -> None:
    now = at_now.now()
    rules = matchable.Rules(None, {}, 5, 28, UUID(int=0))  # type: ignore[arg-type]  # not judged here
    matchable.entries(matchable.in_matching(now).filter(district_id=MAPO), rules.days, now)


def test_engine_can_hold_no_protected_trait_and_the_test_would_see_one() -> None:
    assert strange_fields(Listed) == set()
    assert {term.value for term in Term} == {"skill", "nearness", "slot", "balance"}
    planted = make_dataclass("Planted", [("id", str), ("sex", str)])
    assert strange_fields(planted) == {"sex"}


def test_matching_reads_no_protected_trait_and_the_test_would_see_one(here: Bank) -> None:
    anna, *_ = pair(here)
    with columns_read() as read:
        read_market()
    assert strange_columns(read) == set()
    assert ("ledger_account", "balance") in read
    with columns_read() as read:
        read_market()
        list(PersonFact.rows.filter(person=anna.id, kind="sex").values_list("value"))
    assert ("registry_personfact", "value") in strange_columns(read)


def test_facts_of_people_change_nothing(here: Bank, keeper: Actor) -> None:
    _, ben, *_ = pair(here)
    match(keeper)
    before = Match.rows.values_list("score", "reasons").get()
    with given() as audit:
        for kind, value in (("sex", "F"), ("age_band", "70")):
            PersonFact.rows.create(
                person_id=ben.id,
                kind=kind,
                value=value,
                derived_at=at_now.now(),
                valid=(at_now.today(), None),
                audit=audit,
            )
    match(keeper)
    assert Match.rows.filter(state="proposed").values_list("score", "reasons").get() == before

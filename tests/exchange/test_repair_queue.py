"""Repair: the queue and why, skills, tools by slot, damage that begins a repair."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from uuid import uuid4

import pytest

from dure.core import clock as core_clock
from dure.core import door
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models.work import Notice
from dure.engines.ords_words import CATEGORIES
from dure.exchange import queries, skills
from dure.exchange.models import Agreement, Claim, Commitment, Listing, Party, Pool
from dure.exchange.queries import agreements, queue
from tests.exchange.cases import NOW, Cafe, cafe, record, sums
from tests.exchange.neighbours import hold, library
from tests.exchange.test_interpreter import bring, step, tick
from tests.harness.clock import Clock
from tests.harness.people import JONGNO, MAPO, person_with

pytestmark = pytest.mark.django_db
LAMP, LAPTOP = "15", "16"


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


@pytest.fixture
def here() -> Cafe:
    return cafe()


def tool(here: Cafe, **more: object) -> str:
    body = {"title": "납땜인두", "organisation_id": str(here.host.id), **more}
    return str(run("exchange.asset.add", body, here.keeper).result.id)


def standing(here: Cafe) -> list[tuple[str, int]]:
    pool = Pool.rows.get(id=here.pool_id)
    return [(str(one.agreement.id), one.number) for one in queue.queue(pool)]


def knows(here: Cafe, actor: Actor, *codes: str) -> None:
    body = {"organisation_id": str(here.host.id), "codes": codes}
    run("exchange.repair.skills", body, actor)


# --- out


def test_export_has_every_outcome(here: Cafe) -> None:
    item = bring(here, category=LAMP, problem="깜빡임")
    step(here.keeper, item, "triage")
    for name in ("claim", "start"):
        step(here.member, item, name)
    step(here.member, item, "result", outcome="end_of_life", barrier="worn_out")
    step(here.stranger, item, "hand_back")
    written = queries.ords_export(Actor.operator())
    assert (written.row_count, written.left_out) == (1, ())
    assert "End of life" in written.text and "Lamp" in written.text


# --- the queue


def test_queue_weighs_chance_skill_parts_and_waiting(here: Cafe, clock: Clock) -> None:
    record(here, *[{"category": 15, "outcome": "fixed"}] * 20)
    record(here, *[{"category": 16, "outcome": "end_of_life"}] * 20)
    laptop, lamp = bring(here, category=LAPTOP), bring(here, category=LAMP)
    for item in (laptop, lamp):
        step(here.keeper, item, "triage", parts="none")
    assert standing(here) == [(lamp, 1), (laptop, 2)]
    first, second = queue.queue(Pool.rows.get(id=here.pool_id))
    assert (first.repaired, first.tried) == (20, 20)
    assert Fraction(first.chance_ppm, 10**6) == 1
    assert (second.repaired, second.tried, second.chance_ppm) == (0, 20, 0)
    assert first.prospect_ppm == 300_000, "nobody says that she knows lamps"
    knows(here, here.member, "repair_light")
    assert queue.queue(Pool.rows.get(id=here.pool_id))[0].prospect_ppm == 1_000_000
    assert len(first.why) == 4


def test_who_waited_longer_rises(here: Cafe, clock: Clock) -> None:
    record(here, *[{"category": 15, "outcome": "fixed"}] * 20)
    record(here, *[{"category": 16, "outcome": "end_of_life"}] * 20)
    laptop = bring(here, category=LAPTOP)
    step(here.keeper, laptop, "triage", parts="none")
    clock.move(minutes=149)
    lamp = bring(here, category=LAMP)
    step(here.keeper, lamp, "triage", parts="none")
    assert standing(here) == [(lamp, 1), (laptop, 2)], "0.3 - 0.298 is still more than 0"
    clock.move(minutes=2)
    assert Claim.rows.count() == 2


def test_waiting_counts_from_the_first_queueing(here: Cafe, clock: Clock) -> None:
    item = bring(here, category=LAMP)
    step(here.keeper, item, "triage")
    clock.move(minutes=20)
    step(here.member, item, "claim")
    clock.move(minutes=5)
    step(here.member, item, "unclaim")
    (one,) = queue.queue(Pool.rows.get(id=here.pool_id))
    assert one.waited_min == 25
    assert Claim.rows.count() == 1


def test_triage_corrects_the_kind_of_thing(here: Cafe) -> None:
    item = bring(here)
    step(here.keeper, item, "triage", category=LAMP, parts="missing")
    (one,) = queue.queue(Pool.rows.get(id=here.pool_id))
    assert (queue.category_of(one.agreement), one.parts.value, one.parts_ppm) == (
        15, "missing", 200_000,
    )  # fmt: skip


def test_every_category_but_the_miscellaneous_asks_for_one_skill() -> None:
    groups = list(skills.GROUPS.values())
    assert sum(map(len, groups)) == len(frozenset().union(*groups)) == 39
    assert {n for n in CATEGORIES if skills.group_of(n) is None} == {18}


# --- skills


def test_skills_are_offers_that_are_said_and_taken_back(here: Cafe) -> None:
    knows(here, here.member, "repair_light", "repair_heat")
    knows(here, here.member, "repair_light")
    rows = Listing.rows.filter(person=here.member.id)
    assert sorted(rows.values_list("spec__code", "state")) == [
        ("repair_heat", "closed"),
        ("repair_light", "open"),
    ]
    assert set(rows.values_list("audience", flat=True)) == {"members"}


def test_unknown_skill_and_a_stranger_are_refused(here: Cafe) -> None:
    with pytest.raises(Refusal, match=r"exchange\.bad_answer"):
        knows(here, here.member, "garden")
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        knows(here, here.stranger, "repair_light")
    assert Listing.rows.count() == 0


def test_fixer_sees_what_fits_her_and_the_order_stays_the_events(here: Cafe) -> None:
    knows(here, here.member, "repair_light")
    for category in (LAPTOP, LAMP):
        step(here.keeper, bring(here, category=category), "triage", parts="none")
    pool = Pool.rows.get(id=here.pool_id)
    found = {
        queue.category_of(one.agreement): one.fits_me for one in queue.queue(pool, here.member)
    }
    assert found == {15: True, 16: False}
    assert not any(one.fits_me for one in queue.queue(pool, here.keeper))


# --- tools


def test_tool_is_reserved_from_taking_on_to_the_result(here: Cafe) -> None:
    iron = tool(here)
    item = bring(here, category=LAMP)
    step(here.keeper, item, "triage", tool=iron)
    assert Commitment.rows.count() == 0
    step(here.member, item, "claim")
    kept = Commitment.rows.get(asset_id=iron)
    assert (kept.state, kept.giver, kept.lane) == ("held", here.member.id, 0)
    assert kept.slot.lower == datetime.fromisoformat(NOW)
    assert kept.slot.upper == Pool.rows.get(id=here.pool_id).closes
    step(here.member, item, "start")
    step(here.member, item, "result", outcome="fixed")
    assert set(Commitment.rows.values_list("state", flat=True)) == {"done"}


def test_tool_in_use_stops_the_next_and_counts_as_missing(here: Cafe) -> None:
    iron = tool(here)
    items = [bring(here, category=LAMP) for _ in range(2)]
    for item in items:
        step(here.keeper, item, "triage", tool=iron, parts="none")
    step(here.member, items[0], "claim")
    (one,) = queue.queue(Pool.rows.get(id=here.pool_id))
    assert (one.parts.value, one.tools) == ("missing", ("납땜인두",))
    with pytest.raises(Refusal, match=r"exchange\.slot_taken"):
        step(here.keeper, items[1], "claim")
    assert Agreement.rows.get(id=items[1]).state == "queued"
    assert not Party.rows.filter(agreement=items[1], role="fixer").exists()
    step(here.member, items[0], "unclaim")
    assert step(here.keeper, items[1], "claim") == "assigned"


def test_tool_is_free_again_when_time_passes(here: Cafe, clock: Clock) -> None:
    iron = tool(here)
    idle, running = bring(here), bring(here)
    step(here.keeper, idle, "triage", tool=iron)
    step(here.member, idle, "claim")
    clock.move(minutes=30)
    assert tick() == (1, 0)
    assert not Commitment.rows.filter(state__in=("held", "out")).exists()
    step(here.keeper, running, "triage", tool=iron)
    for name in ("claim", "start"):
        step(here.member, running, name)
    clock.at("2026-05-10T17:00:00+09:00")
    tick()
    assert Agreement.rows.get(id=running).state == "review"
    assert not Commitment.rows.filter(state__in=("held", "out")).exists()


def test_tool_of_another_organisation_is_not_found(here: Cafe) -> None:
    other = cafe("다른수리모임")
    item = bring(here)
    for wrong in (tool(other), str(uuid4())):
        with pytest.raises(Refusal, match=r"core\.not_found"):
            step(here.keeper, item, "triage", tool=wrong)
    with pytest.raises(Refusal, match=r"exchange\.bad_answer"):
        step(here.keeper, item, "triage", tool="hammer")
    broken = tool(here, condition="repair")
    with pytest.raises(Refusal, match=r"exchange\.not_offered"):
        step(here.keeper, item, "triage", tool=broken)
    assert Agreement.rows.get(id=item).state == "submitted"


# --- damage of a lent thing


def damaged(clock: Clock, owner: Actor | None = None) -> tuple[Agreement, Actor]:
    """A loan that came back damaged; gives it and the keeper of the library."""
    lib = library()
    if owner is None:
        asset = lib.thing(terms=())
    else:
        asset = str(run("exchange.asset.add", {"title": "텐트", "district": MAPO}, owner).result.id)
    anna = lib.neighbour()
    case = hold(anna, asset, "10T15:00", "10T16:00")
    step(anna, case, "book")
    giver = owner or lib.keeper
    step(anna, case, "check_out")
    step(giver, case, "check_out")
    step(giver, case, "check_in")
    step(giver, case, "damage", note="손잡이가 부러짐")
    return Agreement.rows.get(id=case), giver


def test_damage_begins_a_repair_under_the_loan_at_the_next_event(here: Cafe, clock: Clock) -> None:
    loan, keeper = damaged(clock)
    child = Agreement.rows.get(parent=loan)
    assert (child.process, child.version, child.state) == ("repair", 1, "submitted")
    assert (str(child.pool_id), child.organisation_id) == (here.pool_id, here.host.id)
    assert child.terms == {"problem": "손잡이가 부러짐"}
    assert child.asset is not None and child.asset.condition == "repair"
    party = Party.rows.get(agreement=child)
    assert (party.role, party.organisation_id) == ("owner", loan.organisation_id)
    step(here.keeper, str(child.id), "triage", category="24")
    for name in ("claim", "start"):
        step(here.member, str(child.id), name)
    step(here.member, str(child.id), "result", outcome="fixed")
    assert step(keeper, str(child.id), "hand_back") == "handed_back"
    assert sums()["repair.fixed"] == 1


def test_borrower_is_not_shown_a_repair_that_she_may_not_open(here: Cafe, clock: Clock) -> None:
    loan, keeper = damaged(clock)
    borrower = Actor.person(Party.rows.get(agreement=loan, role="borrower").person)
    for actor, found in ((borrower, False), (keeper, True)):
        told = door.load_grants(actor, core_clock.now())
        assert (agreements.link_of(loan, told) is not None) is found


def test_owner_is_told_that_her_thing_is_damaged(here: Cafe, clock: Clock) -> None:
    owner = person_with(Role.RESIDENT)
    loan, _ = damaged(clock, owner)
    child = Agreement.rows.get(parent=loan)
    assert Party.rows.get(agreement=child).person == owner.id
    step(here.keeper, str(child.id), "triage")
    told = Notice.rows.filter(person=owner.id)
    assert told.count() >= 1


def test_without_an_event_the_repair_waits_for_one_to_be_chosen(clock: Clock) -> None:
    loan, keeper = damaged(clock)
    child = Agreement.rows.get(parent=loan)
    assert child.pool_id is None
    with pytest.raises(Refusal, match=r"exchange\.guard"):
        step(keeper, str(child.id), "triage")
    here = cafe()
    body = {"agreement_id": str(child.id), "pool_id": here.pool_id}
    run("exchange.repair.place", body, keeper)
    child.refresh_from_db()
    assert (str(child.pool_id), child.organisation_id) == (here.pool_id, here.host.id)
    assert step(here.keeper, str(child.id), "triage") == "queued"
    with pytest.raises(Refusal, match=r"core\.state_changed"):
        run("exchange.repair.place", body, here.keeper)


def test_case_is_not_put_at_an_event_that_is_over_or_by_a_stranger(clock: Clock) -> None:
    loan, keeper = damaged(clock)
    child = Agreement.rows.get(parent=loan)
    here = cafe()
    body = {"agreement_id": str(child.id), "pool_id": here.pool_id}
    with pytest.raises(Refusal, match=r"core\.not_found"):
        run("exchange.repair.place", body, person_with(Role.RESIDENT))
    clock.at("2026-05-10T17:00:00+09:00")
    with pytest.raises(Refusal, match=r"exchange\.pool_not_open"):
        run("exchange.repair.place", body, keeper)


def test_event_of_another_district_is_not_taken(clock: Clock) -> None:
    cafe(district=JONGNO)
    loan, _ = damaged(clock)
    assert Agreement.rows.get(parent=loan).pool_id is None

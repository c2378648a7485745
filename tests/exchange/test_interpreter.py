"""The interpreter: steps, refusals, timers, and random walks that leave nothing undone."""

from __future__ import annotations

import random

import pytest

from dure.core import door
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.clock import now
from dure.core.errors import Refusal
from dure.core.models import AuditLine
from dure.exchange import interpreter
from dure.exchange.models import Agreement, Attestation, Party, Timer
from dure.exchange.processes import PROCESSES
from dure.exchange.processes.repair import REPAIR, Result
from dure.journal.models import Event
from tests.exchange.cases import NOW, Cafe, cafe, events_of, sums
from tests.harness.clock import Clock
from tests.harness.people import JONGNO, person_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


@pytest.fixture
def here() -> Cafe:
    return cafe()


def bring(here: Cafe, **terms: str) -> str:
    answers = tuple({"name": name, "value": value} for name, value in terms.items())
    body = {"pool_id": here.pool_id, "terms": answers}
    return str(run("exchange.agreement.open", body, here.stranger).result.id)


def step(actor: Actor, agreement_id: str, name: str, **answers: str) -> str:
    state = Agreement.rows.get(id=agreement_id).state
    return step_from(state, actor, agreement_id, name, **answers)


def step_from(state: str, actor: Actor, agreement_id: str, name: str, **answers: str) -> str:
    given = tuple({"name": key, "value": value} for key, value in answers.items())
    body = {"agreement_id": agreement_id, "transition": name, "state": state, "answers": given}
    return str(run("exchange.agreement.step", body, actor).result.state)


def refused(code: str, actor: Actor, agreement_id: str, name: str, **answers: str) -> Refusal:
    before = state_of_everything()
    with pytest.raises(Refusal) as caught:
        step(actor, agreement_id, name, **answers)
    assert caught.value.name == code
    assert state_of_everything() == before
    return caught.value


def state_of_everything() -> tuple[object, ...]:
    return (
        sorted(Agreement.rows.values_list("id", "state")),
        Attestation.rows.count(),
        Party.rows.count(),
        Event.rows.count(),
        sorted(Timer.rows.values_list("id", "fired_at")),
    )


def tick() -> tuple[int, int]:
    result = run("exchange.agreement.tick", {}, Actor.timer("exchange.agreement.tick")).result
    return result.moved, result.void


def test_whole_way_with_the_owners_confirmation_is_class_b(here: Cafe) -> None:
    item = bring(here, category="16", problem="안 켜짐")
    for actor, name in ((here.keeper, "triage"), (here.member, "claim"), (here.member, "start")):
        step(actor, item, name)
    step(here.member, item, "result", outcome="fixed", minutes="40")
    assert sums() == {}, "nothing is recorded before it is handed back"
    assert step(here.stranger, item, "hand_back") == "handed_back"
    assert sums() == {"repair.attempt": 1, "repair.fixed": 1, "time.volunteer": 40}
    confirm = Attestation.rows.get(kind="confirm")
    assert {(e.evidence, e.proof) for e in events_of(item)} == {("B", confirm.uid)}
    assert Timer.rows.filter(fired_at=None).count() == 0


def test_one_person_in_both_roles_cannot_confirm_herself(here: Cafe) -> None:
    body = {"pool_id": here.pool_id}
    item = str(run("exchange.agreement.open", body, here.member).result.id)
    step(here.keeper, item, "triage")
    for name in ("claim", "start"):
        step(here.member, item, name)
    step(here.member, item, "result", outcome="fixed")
    refused("exchange.same_person", here.member, item, "hand_back")


def test_not_ones_step_is_refused_and_a_foreign_case_is_not_found(here: Cafe) -> None:
    item = bring(here)
    refused("core.not_allowed", here.stranger, item, "triage")
    other = person_with(Role.STAFF, district=JONGNO)
    refused("core.not_found", other, item, "triage")
    refused("core.not_found", person_with(Role.RESIDENT), item, "triage")
    refused("core.not_found", Actor.anonymous(), item, "triage")


def test_stale_page_is_told_the_state_and_what_can_be_done(here: Cafe) -> None:
    item = bring(here)
    step(here.keeper, item, "triage")
    with pytest.raises(Refusal) as caught:
        step_from("submitted", here.keeper, item, "refuse")
    assert caught.value.name == "exchange.stale_state"
    assert caught.value.sentence("ko").startswith(
        "그사이 상태가 바뀌었습니다. 지금 상태: 차례 기다림"
    )
    refused("exchange.stale_state", here.keeper, item, "nonsense")
    refused("exchange.stale_state", here.keeper, item, "close")


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, "exchange.bad_answer"),
        ({"outcome": "mended"}, "exchange.bad_answer"),
        ({"outcome": "fixed", "minutes": "０"}, "exchange.bad_answer"),
        ({"outcome": "fixed", "colour": "red"}, "exchange.bad_answer"),
        ({"outcome": "fixed", "barrier": "worn_out"}, "exchange.bad_barrier"),
    ],
)
def test_bad_answer_changes_nothing(here: Cafe, answers: dict[str, str], code: str) -> None:
    item = bring(here)
    step(here.keeper, item, "triage")
    for name in ("claim", "start"):
        step(here.member, item, name)
    refused(code, here.member, item, "result", **answers)


@pytest.mark.parametrize(
    "terms", [{"category": "41"}, {"year": "19"}, {"owner": "hong"}, {"brand": "가" * 201}]
)
def test_bad_terms_are_refused(here: Cafe, terms: dict[str, str]) -> None:
    with pytest.raises(Refusal) as caught:
        bring(here, **terms)
    assert caught.value.name == "exchange.bad_answer"
    assert Agreement.rows.count() == 0


def test_resident_number_in_the_problem_is_refused(here: Cafe) -> None:
    with pytest.raises(Refusal) as caught:
        bring(here, problem="900101-1234567")
    assert caught.value.name == "core.rrn"
    assert Agreement.rows.count() == 0


# --- time


def test_idle_item_returns_to_the_queue_and_its_fixer_is_free(here: Cafe, clock: Clock) -> None:
    item = bring(here)
    step(here.keeper, item, "triage")
    step(here.member, item, "claim")
    clock.at("2026-05-10T14:29:59+09:00")
    assert tick() == (0, 0)
    clock.at("2026-05-10T14:30:00+09:00")
    assert tick() == (1, 0)
    assert Agreement.rows.get().state == "queued"
    assert set(Party.rows.values_list("role", flat=True)) == {"owner"}
    assert step(here.member, item, "claim") == "assigned"


def test_end_of_the_event_closes_what_waits_and_asks_for_what_runs(
    here: Cafe, clock: Clock
) -> None:
    waiting, running = bring(here), bring(here)
    for item in (waiting, running):
        step(here.keeper, item, "triage")
    for name in ("claim", "start"):
        step(here.member, running, name)
    clock.at("2026-05-10T17:00:00+09:00")
    assert tick() == (2, 0)
    assert Agreement.rows.get(id=waiting).state == "expired"
    assert Agreement.rows.get(id=running).state == "review"
    assert step(here.keeper, running, "judge", outcome="unknown") == "handed_back"
    assert sums() == {"repair.attempt": 1}


def test_timer_that_lost_its_meaning_does_nothing(here: Cafe, clock: Clock) -> None:
    item = bring(here)
    timer_id = Timer.rows.get().id
    step(here.keeper, item, "triage")
    assert not Timer.rows.filter(id=timer_id).exists(), "timers of the old state are dropped"
    clock.at("2026-05-10T17:00:00+09:00")
    assert tick() == (1, 0)
    assert tick() == (0, 0)


def test_durations_come_from_the_rulebook_and_are_named_in_the_audit(here: Cafe) -> None:
    bring(here)
    line = AuditLine.rows.get(action="exchange.agreement.open")
    assert len(line.rule_versions) == 1


# --- random walks


@pytest.mark.parametrize("seed", range(6))
def test_random_walk_ends_records_once_and_can_always_go_on(
    here: Cafe, clock: Clock, seed: int
) -> None:
    chance = random.Random(seed)
    item = bring(here, category=str(chance.randint(1, 40)))
    actors = [here.keeper, here.member, here.stranger]
    for _ in range(60):
        case = Agreement.rows.get(id=item)
        state = REPAIR.state(case.state)
        if REPAIR.is_terminal(state):
            break
        moves = [(a, t) for a in actors for t in interpreter.steps_open(case, _load(a))]
        if not moves or chance.random() < 0.2:
            clock.move(days=8)
            tick()
            continue
        actor, transition = chance.choice(moves)
        answers = (
            {"outcome": chance.choice(["fixed", "unknown"])} if transition.asks is Result else {}
        )
        try:
            step(actor, item, transition.name, **answers)
            with pytest.raises(Refusal):  # the other window of the same page is stale now
                step_from(case.state, actor, item, transition.name, **answers)
        except Refusal as refusal:
            if refusal.name != "exchange.same_person":
                raise
    case = Agreement.rows.get(id=item)
    assert case.closed_at is not None
    counted = sums().get("repair.attempt", 0)
    assert counted == (1 if case.state == "handed_back" else 0)
    assert Timer.rows.filter(fired_at=None).count() == 0


def _load(actor: Actor) -> Actor:
    return door.load_grants(actor, now())


def test_every_effect_of_every_process_has_its_function() -> None:
    used = {effect.name for p in PROCESSES for t in p.transitions for effect in t.do}
    assert used <= set(interpreter.EFFECTS)


def test_every_guard_of_every_process_has_its_function() -> None:
    used = {g.name for p in PROCESSES for t in p.transitions for g in t.when if g.check is None}
    assert used <= set(interpreter.GUARDS)

"""Hand-over without a camera: six figures, shown by one side and typed by the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models import AuditLine
from dure.exchange import hand_over, processes
from dure.exchange.cases import Case, process_of
from dure.exchange.declaration import RELEASE_SLOT, Fact, Process, Seen, record
from dure.exchange.models import Agreement, Attestation
from tests.exchange.cases import events_of
from tests.exchange.clothing_swap import CLOTHING_SWAP
from tests.exchange.neighbours import NOW, Library, answers, at, hold, library, step
from tests.harness.clock import Clock
from tests.harness.people import MAPO, person_with

pytestmark = pytest.mark.django_db
OTHER = "000000"


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


@pytest.fixture
def here() -> Library:
    return library()


def booked(here: Library, asset: str | None = None) -> tuple[Actor, str]:
    anna = here.neighbour()
    case = hold(anna, asset or here.thing(lanes=3), "10T10:00", "10T12:00")
    step(anna, case, "book")
    return anna, case


def case_of(case: str, name: str = "check_out") -> Case:
    found = Agreement.rows.get(id=case)
    process = process_of(found)
    transition = process.transition(process.state(found.state), name)
    assert transition is not None
    return Case(found, transition, process)


def shown(actor: Actor, case: str, name: str = "check_out") -> str:
    state = Agreement.rows.get(id=case).state
    body = {"agreement_id": case, "transition": name, "state": state}
    run("exchange.hand_over.show", body, actor)
    made = hand_over.digits(case_of(case, name), actor)
    assert made is not None
    return made.text


def typed(actor: Actor, case: str, digits: str, name: str = "check_out") -> str:
    state = "booked" if name == "check_out" else Agreement.rows.get(id=case).state
    body = {"agreement_id": case, "transition": name, "state": state, "digits": digits}
    return str(run("exchange.hand_over.take", body, actor).result.state)


def test_digits_confirm_for_both_once(here: Library) -> None:
    anna, case = booked(here)
    digits = shown(here.keeper, case)
    assert len(digits) == 6
    assert typed(anna, case, digits) == "out"
    said = Attestation.rows.filter(agreement=case, kind="confirm").order_by("seq")
    assert [(row.role, row.value) for row in said] == [
        ("owner", {"by_code": True}),
        ("borrower", {}),
    ]
    with pytest.raises(Refusal, match=r"exchange\.stale_state"):
        typed(anna, case, digits)


def test_who_shows_digits_does_not_type_them(here: Library) -> None:
    anna, case = booked(here)
    digits = shown(anna, case)
    with pytest.raises(Refusal, match=r"exchange\.hand_over_invalid"):
        typed(anna, case, digits)
    assert typed(here.keeper, case, digits) == "out"


def test_digits_of_another_case_and_wrong_ones_are_refused(here: Library) -> None:
    asset = here.thing(lanes=2)
    anna, case = booked(here, asset)
    _, other = booked(here, asset)
    for digits in (shown(here.keeper, other), OTHER):
        with pytest.raises(Refusal, match=r"exchange\.hand_over_invalid"):
            typed(anna, case, digits)
    with pytest.raises(Refusal, match=r"core\.not_found"):
        typed(person_with(Role.RESIDENT), case, OTHER)


def test_five_wrong_ones_an_hour_and_then_not_even_the_right_one(
    here: Library, clock: Clock
) -> None:
    anna, case = booked(here)
    digits = shown(here.keeper, case)
    for _ in range(5):
        with pytest.raises(Refusal, match=r"exchange\.hand_over_invalid"):
            typed(anna, case, OTHER)
    with pytest.raises(Refusal, match=r"exchange\.too_many_digits"):
        typed(anna, case, digits)
    clock.move(minutes=61)
    assert typed(anna, case, shown(here.keeper, case)) == "out"


def test_digits_stand_in_no_audit_line_and_no_attestation(here: Library) -> None:
    anna, case = booked(here)
    digits = shown(here.keeper, case)
    typed(anna, case, digits)
    rows = [*AuditLine.rows.values(), *Attestation.rows.values()]
    assert not any(digits in str(value) for row in rows for value in row.values() if value != row)


def test_late_digits_count_as_one_sides_word(here: Library, clock: Clock) -> None:
    anna, case = booked(here)
    digits = shown(here.keeper, case)
    clock.at(at("10T09:05"))
    assert hand_over.digits(case_of(case), here.keeper) is None, "no longer shown"
    assert typed(anna, case, digits) == "out"
    said = Attestation.rows.filter(agreement=case, kind="confirm").order_by("seq")
    assert said[0].value == {"by_code": True, "late": True}


def test_digits_taken_down_are_dead_after_two_days(here: Library, clock: Clock) -> None:
    anna = here.neighbour()
    case = hold(anna, here.thing(), "13T10:00", "13T12:00")
    step(anna, case, "book")
    digits = shown(here.keeper, case)
    clock.at(at("12T09:00"))
    with pytest.raises(Refusal, match=r"exchange\.hand_over_invalid"):
        typed(anna, case, digits)


def told(seen: Seen) -> tuple[Fact, ...]:
    return (Fact("time.volunteer", 30, seen.now, seen.now, {"activity": "repair"}),)


def swap_of(label: str) -> Process:
    """The toy process whose swap of two states a fact under this label."""
    if label == "reuse.handover":
        return CLOTHING_SWAP
    changed = tuple(
        replace(t, do=(RELEASE_SLOT, record(label, evidence="B"))) if t.name == "swap" else t
        for t in CLOTHING_SWAP.transitions
    )
    return replace(CLOTHING_SWAP, transitions=changed, facts=told)


@pytest.mark.parametrize(
    ("label", "minutes", "evidence"),
    [
        ("time.volunteer", 1, "B"),
        ("time.volunteer", 6, "A"),
        ("reuse.handover", 1, "B"),
        ("reuse.handover", 6, ""),
    ],
)
def test_fact_of_digits_brought_in_late_is_class_a_or_none(
    here: Library,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    label: str,
    minutes: int,
    evidence: str,
) -> None:
    monkeypatch.setitem(processes.BY_VERSION, (CLOTHING_SWAP.key, 1), swap_of(label))
    run("exchange.process.install", {}, Actor.operator())
    anna, coat = here.neighbour(), here.thing(terms=(), kind="other")
    how = {"process": CLOTHING_SWAP.key, "start": "want", "terms": answers(pieces=2)}
    case = hold(anna, coat, "10T10:00", "10T18:00", **how)
    step(here.keeper, case, "keep")
    digits = shown(here.keeper, case, "swap")
    clock.move(minutes=minutes)
    if not evidence:
        with pytest.raises(Refusal, match=r"exchange\.hand_over_invalid"):
            typed(anna, case, digits, "swap")
    else:
        assert typed(anna, case, digits, "swap") == "swapped"
    assert [event.evidence for event in events_of(case)] == [*evidence]


def test_steps_of_either_have_no_code_and_no_digits(here: Library) -> None:
    anna, case = booked(here)
    cancel = case_of(case, "cancel")
    assert len(cancel.transition.by) == 2
    assert hand_over.code(cancel, anna) is None
    body = {"agreement_id": case, "transition": "cancel", "state": "booked"}
    with pytest.raises(Refusal, match=r"exchange\.hand_over_invalid"):
        run("exchange.hand_over.show", body, anna)
    with pytest.raises(Refusal, match=r"exchange\.hand_over_invalid"):
        run("exchange.hand_over.take", {**body, "digits": OTHER}, anna)
    assert Agreement.rows.get(id=case).state == "booked"


def test_neighbour_hands_over_her_own_thing_without_staff(here: Library) -> None:
    owner = here.neighbour()
    body = {"title": "텐트", "district": MAPO}
    tent = str(run("exchange.asset.add", body, owner).result.id)
    anna, case = booked(here, tent)
    assert step(anna, case, "check_out") == "booked"
    assert step(owner, case, "check_out") == "out"
    assert {p.role for p in Agreement.rows.get(id=case).parties.all()} == {"borrower", "owner"}


def test_two_of_the_lending_side_do_not_hand_over_between_them(here: Library) -> None:
    owner = here.neighbour()
    tent = str(run("exchange.asset.add", {"title": "텐트", "district": MAPO}, owner).result.id)
    _, case = booked(here, tent)
    staff = person_with(Role.STAFF, district=MAPO)
    assert step(owner, case, "check_out") == "booked"
    with pytest.raises(Refusal, match=r"exchange\.waits_for_other"):
        step(staff, case, "check_out")

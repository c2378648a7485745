"""The static checker: the sectors pass, and every rule has a planted fault that it finds."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from dure.core.text import T
from dure.exchange import declaration as d
from dure.exchange.checker import Fault, LabelFact, check
from dure.exchange.declaration import ByKind, Role, Transition, record
from dure.exchange.processes import PROCESSES
from dure.exchange.processes.repair import FIXER, HOST, OWNER, REPAIR, S
from dure.journal.definitions import declared
from tests.exchange.declared import process
from tests.exchange.lines import LINES

LABELS = {label.code: LabelFact(label.sector, label.evidence_floor) for label in declared()}


def said(line: str, rules: tuple[int, ...] = (1, 2, 3, 4, 5)) -> list[str]:
    return [str(fault) for fault in check(process("x", line)) if fault.rule in rules]


@pytest.mark.parametrize("declared_process", PROCESSES, ids=lambda p: f"{p.key}-{p.version}")
def test_every_process_of_this_room_passes_every_rule(declared_process: d.Process) -> None:
    assert check(declared_process, LABELS) == ()


def test_repair_has_eleven_states_and_three_ways_in() -> None:
    assert len(S) == 11
    assert [t.name for t in REPAIR.leaving(None)] == ["submit", "sheet", "import"]


@pytest.mark.parametrize(
    ("key", "states", "transitions", "line"), LINES, ids=[row[0] for row in LINES]
)
def test_the_lines_of_all_sectors_pass_rules_1_to_4(
    key: str, states: int, transitions: int, line: str
) -> None:
    built = process(key, line)
    assert [str(f) for f in check(built) if f.rule <= 4] == []
    assert len(list(built.states)) == states


def test_all_files_are_checked_in_less_than_a_second() -> None:
    began = time.process_time()
    for key, _, _, line in LINES:
        check(process(key, line))
    assert time.process_time() - began < 1


# --- planted faults: the published rejection vector first


def test_rejection_vector() -> None:
    line = "start: a=go/x{+slot} | a: b=hold/x{+value} | b: done=end/x{settle}"
    assert said(line) == ["a: can stick", "b: can stick", "done: ends holding {slot}"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("start: a=go/x | a: b@P1D | c: b@P1D", "c: unreachable"),
        ("start: a=go/x | a: b@P1D | b: a=go/coordinator", "a: no way out"),
        ("start: a=go/x | a: b=go/x", "a: can stick"),
        ("start: a=go/x | a: b=go/coordinator[guard]", "a: can stick"),
        (
            "start: a=go/x{+slot} | a: b@P1D{+slot} | b: c@P1D{-slot}",
            "a.at_P1D: takes twice {slot}",
        ),
        ("start: a=go/x | a: b@P1D{-value}", "a.at_P1D: gives back unheld {value}"),
        ("start: a=go/x | a: b@P1D{open}", "a.at_P1D: needs {slot}"),
        ("start: a=go/x{+stock} | a: b@P1D", "b: ends holding {stock}"),
        ("start: a=go/x | a: b@P1D ; z=end/x | b: a@P2D", "a: timer cycle"),
        ("start: a=go/x | a: b=end/coordinator ; c=end/coordinator", "a.end: ambiguous"),
        ("start: a=go/x | a: b@P1D ; c@P1D", "a.at_P1D: ambiguous"),
    ],
)
def test_planted_fault_is_found(line: str, fault: str) -> None:
    assert fault in said(line)


def test_settle_without_held_value_is_no_fault() -> None:
    assert said("start: a=go/x | a: b=end/coordinator{settle}") == []


def planted(name: str, source: S | None = None, **change: object) -> list[Fault]:
    """The repair process with one transition changed."""
    found = [t for t in REPAIR.transitions if t.name == name and t.source is source]
    assert len(found) == 1
    changed = replace(found[0], **change)  # type: ignore[arg-type]  # test values
    transitions = tuple(changed if t is found[0] else t for t in REPAIR.transitions)
    return list(check(replace(REPAIR, transitions=transitions), LABELS))


def test_control_unchanged_copy_passes() -> None:
    assert planted("sheet") == []


def test_payment_by_one_party_is_found_and_both_or_payer_may() -> None:
    payee = Role("payee", T("받는 이", "payee"))
    fault = Fault(6, "submitted.refuse", "single-party payment")
    assert fault in planted("refuse", S.SUBMITTED, by=(HOST,), do=(d.SETTLE,))
    both = planted("refuse", S.SUBMITTED, by=(HOST, OWNER), kind=ByKind.BOTH, do=(d.SETTLE,))
    assert both == []
    assert fault in planted("refuse", S.SUBMITTED, by=(payee,), do=(d.SETTLE,))


def test_step_of_both_needs_two_sides() -> None:
    lent = replace(HOST, key="lender", side="host")
    one_side = (replace(HOST, side="host"), lent)
    fault = Fault(6, "submitted.refuse", "both of one side")
    assert fault in planted("refuse", S.SUBMITTED, by=one_side, kind=ByKind.BOTH, do=(d.SETTLE,))
    payment = Fault(6, "submitted.refuse", "single-party payment")
    assert payment in planted("refuse", S.SUBMITTED, by=one_side, kind=ByKind.BOTH, do=(d.SETTLE,))
    two = planted("refuse", S.SUBMITTED, by=(HOST, OWNER), kind=ByKind.BOTH)
    assert fault not in two


def test_disclosure_without_consent_is_found() -> None:
    fault = Fault(7, "submitted.refuse", "no consent")
    told = (d.disclose("care"),)
    assert fault in planted("refuse", S.SUBMITTED, do=told)
    other = (d.Guard("consent", T("동의", "consent"), consent="reuse"),)
    assert fault in planted("refuse", S.SUBMITTED, do=told, when=other)
    right = (d.Guard("consent", T("동의", "consent"), consent="care"),)
    assert planted("refuse", S.SUBMITTED, do=told, when=right) == []


@pytest.mark.parametrize(
    ("effect", "message"),
    [
        (record("repair.fixd", evidence="A"), "unknown label repair.fixd"),
        (record("org.active", evidence="A"), "unknown label org.active"),
        (record("repair.fixed", evidence="E"), "evidence below repair.fixed"),
        (record("repair.fixed", evidence="B"), "evidence without proof"),
    ],
)
def test_wrong_label_or_evidence_is_found(effect: d.Effect, message: str) -> None:
    assert planted("sheet", do=(effect,)) == [Fault(8, "start.sheet", message)]


def test_missing_words_and_unused_roles_are_found() -> None:
    assert planted("sheet", text=T("", "x")) == [Fault(9, "start.sheet", "missing label")]
    assert planted("sheet", by=()) == [Fault(9, "start.sheet", "nobody may")]
    stranger = Role("stranger", T("남", "stranger"))
    assert Fault(9, "stranger", "undeclared role") in planted("sheet", by=(stranger,))
    idle = replace(REPAIR, roles=(*REPAIR.roles, stranger))
    assert list(check(idle, LABELS)) == [Fault(9, "stranger", "unused role")]


def test_timer_carries_no_guard() -> None:
    assert all(not t.when for t in REPAIR.transitions if t.is_timer)
    with pytest.raises(TypeError):
        d.timer("x", S.QUEUED, S.EXPIRED, d.after(days=1), T("가", "a"), when=())  # type: ignore[call-arg]


def test_transition_is_found_by_state_and_name() -> None:
    assert REPAIR.transition(S.IN_REPAIR, "close") != REPAIR.transition(S.QUEUED, "close")
    assert REPAIR.transition(S.QUEUED, "judge") is None
    claim = REPAIR.transition(S.QUEUED, "claim")
    assert isinstance(claim, Transition)
    assert claim.binds is FIXER


# --- twelve broken processes, each with the sentence that says what is wrong


@pytest.mark.parametrize(
    ("line", "rule", "sentence"),
    [
        ("start: a=go/x | a: b@P1D | z: b@P1D", 1, "z: unreachable"),
        ("start: a=go/x | a: b@P1D | b: a=back/coordinator", 1, "a: no way out"),
        ("start: a=go/x | a: b=go/x", 2, "a: can stick"),
        ("start: a=go/x{+slot} | a: b@P1D", 3, "b: ends holding {slot}"),
        ("start: a=go/x{+value} | a: b@P1D", 3, "b: ends holding {value}"),
        ("start: a=go/x{+stock} | a: b@P1D{-slot}", 3, "a.at_P1D: gives back unheld {slot}"),
        ("start: a=go/x{+value} | a: b@P1D{+value} | b: c@P1D{-value}", 3,
         "a.at_P1D: takes twice {value}"),
        ("start: a=go/x | a: b@due{open}", 3, "a.at_due: needs {slot}"),
        ("start: a=go/x | a: b@P1D ; z=end/x | b: a@P2D", 4, "a: timer cycle"),
        ("start: a=go/x | a: b=end/coordinator ; c=end/coordinator", 5, "a.end: ambiguous"),
        ("start: a=go/x | a: b@P1D ; c@P1D", 5, "a.at_P1D: ambiguous"),
        ("start: a=tell/x{disclose} | a: b@P1D", 7, "start.tell: no consent"),
    ],
)  # fmt: skip
def test_broken_process_is_rejected_with_its_sentence(line: str, rule: int, sentence: str) -> None:
    faults = check(process("x", line))
    assert (rule, sentence) in {(fault.rule, str(fault)) for fault in faults}


def test_who_is_paid_may_settle_only_after_both_have_handed_over() -> None:
    """Rule 6 by the whole way: what the payer held, and a hand-over of two behind it."""
    found = {(p.key, t.name): t for p in PROCESSES for t in p.transitions}
    passed = found["equipment_loan", "pass"]
    assert not any(role.pays or role.trusted for role in passed.by)
    loan = next(p for p in PROCESSES if p.key == "equipment_loan")
    alone = tuple(
        replace(t, kind=ByKind.EITHER) if t.name == "check_out" else t for t in loan.transitions
    )
    faults = check(replace(loan, transitions=alone), LABELS)
    assert Fault(6, "returned.pass", "single-party payment") in faults


def test_every_process_has_the_states_and_transitions_of_its_line() -> None:
    counted = {key: (states, transitions) for key, states, transitions, _ in LINES}
    counted["equipment_loan"] = (12, 20)  # the page's 19, and to keep a thing longer
    for one in PROCESSES:
        if one.key != "repair":  # its first version is smaller
            assert (len(list(one.states)), len(one.transitions)) == counted[one.key]

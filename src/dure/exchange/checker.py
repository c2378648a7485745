"""The static checker: proves of a declaration that no case can stick or end holding anything.

Nouns: a *fault* is one broken rule at one place. Law: exhaustive over (state, what is held);
no case is run. Rules are those of the table in this room's README, by number.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from dure.exchange.declaration import ByKind, Effect, Held, Process, States, Transition

EVIDENCE = "EABC"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One broken rule: its number, where, and what is wrong."""

    rule: int
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(frozen=True, slots=True)
class LabelFact:
    """What the checker must know of a journal label."""

    sector: str
    floor: str


def check(process: Process, labels: Mapping[str, LabelFact] | None = None) -> tuple[Fault, ...]:
    """Find every fault of a declaration.

    process : the declaration
    labels  : the labels that may be recorded, by code; None leaves rule 8 out
    Returns   faults sorted by rule and place; empty means that it passes
    """
    faults = [
        *_reach(process),
        *_stick(process),
        *_holds(process),
        *_timer_cycles(process),
        *_ambiguous(process),
        *_payments(process),
        *_consents(process),
        *_texts(process),
    ]
    if labels is not None:
        faults += _labels(process, labels)
    return tuple(sorted(set(faults)))


def _reach(process: Process) -> list[Fault]:
    """Rule 1: every state is reachable and has a path to a terminal one."""
    reached: set[States] = set()
    waiting = deque(t.target for t in process.leaving(None))
    while waiting:
        state = waiting.popleft()
        if state not in reached:
            reached.add(state)
            waiting.extend(t.target for t in process.leaving(state))
    ending = {s for s in process.states if process.is_terminal(s)}
    while True:
        more = {
            t.source
            for t in process.transitions
            if t.source is not None and t.target in ending and t.source not in ending
        }
        if not more:
            break
        ending |= more
    faults = [Fault(1, s.key, "unreachable") for s in process.states if s not in reached]
    return faults + [Fault(1, s.key, "no way out") for s in process.states if s not in ending]


def _stick(process: Process) -> list[Fault]:
    """Rule 2: every state that is not the end has an unguarded timer or a trusted exit."""
    return [
        Fault(2, state.key, "can stick")
        for state in process.states
        if not process.is_terminal(state)
        and not any(_frees_always(t) for t in process.leaving(state))
    ]


def _frees_always(transition: Transition) -> bool:
    if transition.when:
        return False
    return transition.is_timer or any(role.trusted for role in transition.by)


def _holds(process: Process) -> list[Fault]:
    """Rule 3: nothing is taken twice, given back unheld, or kept at the end."""
    faults: list[Fault] = []
    seen: set[tuple[States, frozenset[Held]]] = set()
    waiting: deque[tuple[Transition, frozenset[Held]]] = deque(
        (t, frozenset()) for t in process.leaving(None)
    )
    while waiting:
        transition, held = waiting.popleft()
        state = transition.target
        for effect in transition.do:
            wrong = _wrong(effect, held)
            if wrong:
                faults.append(Fault(3, _name(transition), wrong))
            held = (held | effect.takes) - effect.gives - effect.gives_if_held
        if (state, held) in seen:
            continue
        seen.add((state, held))
        if process.is_terminal(state) and held:
            faults.append(Fault(3, state.key, f"ends holding {_set(held)}"))
        waiting.extend((t, held) for t in process.leaving(state))
    return faults


def _wrong(effect: Effect, held: frozenset[Held]) -> str:
    if effect.takes & held:
        return f"takes twice {_set(effect.takes & held)}"
    if effect.gives - held:
        return f"gives back unheld {_set(effect.gives - held)}"
    if effect.needs - held:
        return f"needs {_set(effect.needs - held)}"
    return ""


def _timer_cycles(process: Process) -> list[Fault]:
    """Rule 4: no cycle of timers alone."""
    arrows = {(t.source, t.target) for t in process.transitions if t.is_timer and t.source}
    nodes = {node for arrow in arrows for node in arrow}
    while True:  # take away what no timer enters or leaves; what remains is a cycle
        kept = {
            node
            for node in nodes
            if any(a is node and b in nodes for a, b in arrows)
            and any(b is node and a in nodes for a, b in arrows)
        }
        if kept == nodes:
            break
        nodes = kept
    return [Fault(4, node.key, "timer cycle") for node in nodes]


def _ambiguous(process: Process) -> list[Fault]:
    """Rule 5: one transition a name, one timer a moment."""
    faults = []
    for source in (None, *process.states):
        names: set[str] = set()
        dues: set[object] = set()
        for transition in process.leaving(source):
            due = transition.due
            if transition.name in names or (due is not None and due in dues):
                faults.append(Fault(5, _name(transition), "ambiguous"))
            names.add(transition.name)
            if due is not None:
                dues.add(due)
    return faults


def _payments(process: Process) -> list[Fault]:
    """Rule 6: value moves by its payer, by somebody trusted, by both, or after both have handed
    over what the payer's own hold was for."""
    faults: list[Fault] = []
    seen: set[tuple[States, bool, bool]] = set()
    waiting = deque((t, False, False) for t in process.leaving(None))
    while waiting:
        transition, held, proved = waiting.popleft()
        both = transition.is_for_two
        if transition.kind is ByKind.BOTH and not both:
            faults.append(Fault(6, _name(transition), "both of one side"))
        for effect in transition.do:
            if effect.pays and not (both or proved or _may_pay(transition)):
                faults.append(Fault(6, _name(transition), "single-party payment"))
            taken = Held.VALUE in effect.takes
            given = Held.VALUE in effect.gives | effect.gives_if_held
            held = (held or taken) and not given
        proved = held and (proved or both)
        state = (transition.target, held, proved)
        if state in seen:
            continue
        seen.add(state)
        waiting.extend((t, held, proved) for t in process.leaving(transition.target))
    return faults


def _may_pay(transition: Transition) -> bool:
    return transition.is_timer or all(role.pays or role.trusted for role in transition.by)


def _consents(process: Process) -> list[Fault]:
    """Rule 7: disclosure only behind consent to its purpose."""
    return [
        Fault(7, _name(transition), "no consent")
        for transition in process.transitions
        for effect in transition.do
        if effect.name == "disclose"
        and effect.purpose not in {guard.consent for guard in transition.when}
    ]


def _labels(process: Process, labels: Mapping[str, LabelFact]) -> list[Fault]:
    """Rule 8: a recorded label is known, of this sector, with evidence that can be proved."""
    faults = []
    for transition in process.transitions:
        for effect in transition.do:
            for code in effect.labels:
                known = labels.get(code)
                if known is None or known.sector != process.sector:
                    faults.append(Fault(8, _name(transition), f"unknown label {code}"))
                elif EVIDENCE.index(effect.evidence) < EVIDENCE.index(known.floor):
                    faults.append(Fault(8, _name(transition), f"evidence below {code}"))
            if effect.labels and effect.evidence in "BC" and not _proves(transition):
                faults.append(Fault(8, _name(transition), "evidence without proof"))
    return faults


def _proves(transition: Transition) -> bool:
    """Class B needs the other party: both by hand-over, a role that confirms, or a trusted one."""
    return transition.is_for_two or (
        bool(transition.by) and all(role.confirms or role.trusted for role in transition.by)
    )


def _texts(process: Process) -> list[Fault]:
    """Rule 9: every role is used, and everything has words in both languages."""
    used = {role for transition in process.transitions for role in transition.by}
    faults = [Fault(9, role.key, "unused role") for role in process.roles if role not in used]
    faults += [Fault(9, role.key, "undeclared role") for role in used if role not in process.roles]
    worded = [(role.key, role.text) for role in process.roles]
    worded += [(state.key, state.text) for state in process.states]
    worded += [(_name(transition), transition.text) for transition in process.transitions]
    worded += [
        (f"{_name(transition)}[{guard.name}]", guard.text)
        for transition in process.transitions
        for guard in transition.when
    ]
    faults += [
        Fault(9, where, "missing label") for where, text in worded if not all((text.ko, text.en))
    ]
    return faults + [
        Fault(9, _name(transition), "nobody may")
        for transition in process.transitions
        if not transition.is_timer and not transition.by
    ]


def _name(transition: Transition) -> str:
    source = transition.source.key if transition.source is not None else "start"
    return f"{source}.{transition.name}"


def _set(held: frozenset[Held]) -> str:
    return "{" + ", ".join(sorted(one.value for one in held)) + "}"

"""The words in which a process is declared; typed, read without a database.

Nouns: a *state*, a *role*, a *step* by somebody, a *timer* by nobody, a *guard* that may refuse,
an *effect* that takes or gives something back, a *process* of all these.
Law: a declaration only says; the checker proves it, the interpreter runs it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any

from dure.core.text import T


class Held(Enum):
    """What a running case can hold of somebody's."""

    SLOT = "slot"
    STOCK = "stock"
    VALUE = "value"


class States(Enum):
    """Base of a process's states; each member is (key, Korean, English)."""

    @property
    def key(self) -> str:
        """The permanent short name."""
        return str(self.value[0])

    @property
    def text(self) -> T:
        """The state in words."""
        return T(self.value[1], self.value[2])


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody in a case. `pays`: whose value is held; `confirms`: the other party of a result;
    `trusted`: a coordinator, a pool or an instrument, bound by policy and not as a party."""

    key: str
    text: T
    pays: bool = False
    confirms: bool = False
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect, by name, with what it takes, gives back and needs to be held."""

    name: str
    takes: frozenset[Held] = frozenset()
    gives: frozenset[Held] = frozenset()
    needs: frozenset[Held] = frozenset()
    gives_if_held: frozenset[Held] = frozenset()
    labels: tuple[str, ...] = ()
    evidence: str = ""
    purpose: str = ""
    pays: bool = False


HOLD_SLOT = Effect("hold_slot", takes=frozenset({Held.SLOT}))
RELEASE_SLOT = Effect("release_slot", gives=frozenset({Held.SLOT}))
EXTEND_OPEN = Effect("extend_open", needs=frozenset({Held.SLOT}))
HOLD_STOCK = Effect("hold_stock", takes=frozenset({Held.STOCK}))
RELEASE_STOCK = Effect("release_stock", gives=frozenset({Held.STOCK}))
USE_STOCK = Effect("use_stock", gives=frozenset({Held.STOCK}))
HOLD_VALUE = Effect("hold_value", takes=frozenset({Held.VALUE}))
VOID_VALUE = Effect("void_value", gives=frozenset({Held.VALUE}))
SETTLE = Effect("settle", gives_if_held=frozenset({Held.VALUE}), pays=True)
CLAIM = Effect("claim")
UNCLAIM = Effect("unclaim")
ENQUEUE = Effect("enqueue")
CORRECT = Effect("correct")
ASK = Effect("ask")
LINK = Effect("link")


def record(*labels: str, evidence: str) -> Effect:
    """State facts under these labels in the journal, with this class of evidence."""
    return Effect("record", labels=labels, evidence=evidence)


def disclose(purpose: str) -> Effect:
    """Show something of the case to somebody, for a purpose that needs consent."""
    return Effect("disclose", purpose=purpose)


# Any: a guard reads whatever case the interpreter hands it; None means yes.
Check = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition of a step; `consent` names the purpose that it asks consent for."""

    name: str
    text: T
    check: Check | None = None
    consent: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """When a timer falls due: `offset` after `anchor` (`entered`, `start`, `end`, `closes` …),
    or after as long as the rulebook says: a `rule` whose key ends in _days or _minutes."""

    anchor: str
    offset: timedelta = timedelta()
    rule: str = ""


def after(**span: float) -> Due:
    """So long after the state was entered: ``after(days=30)``."""
    return Due("entered", timedelta(**span))


def ruled(rule: str) -> Due:
    """So long after the state was entered as the rulebook says: ``ruled("x.answer_days")``."""
    assert rule.endswith(("_days", "_minutes")), rule
    return Due("entered", rule=rule)


def at(anchor: str, **span: float) -> Due:
    """At a moment of the case: ``at("closes")``, ``at("due", hours=2)``."""
    return Due(anchor, timedelta(**span))


class ByKind(Enum):
    """How the roles of a transition act."""

    EITHER = "either"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow. `source` None = a start; `due` set = a timer; `asks` = typed input of a step;
    `binds` = the role in which the actor becomes a party; `frees` = the role that is let go."""

    name: str
    source: States | None
    target: States
    text: T
    by: tuple[Role, ...] = ()
    kind: ByKind = ByKind.EITHER
    when: tuple[Guard, ...] = ()
    do: tuple[Effect, ...] = ()
    due: Due | None = None
    asks: type[object] | None = None
    binds: Role | None = None
    frees: Role | None = None

    @property
    def is_timer(self) -> bool:
        """Whether nobody has to act."""
        return self.due is not None


def start(name: str, target: States, text: T, **rest: Any) -> Transition:  # Any: Transition's own
    """A way into the process."""
    return Transition(name, None, target, text, **rest)


def step(
    name: str,
    source: States,
    target: States,
    text: T,
    **rest: Any,  # Any: Transition's own
) -> Transition:
    """Somebody moves the case from one state to another."""
    return Transition(name, source, target, text, **rest)


def timer(
    name: str,
    source: States,
    target: States,
    due: Due,
    text: T,
    do: Sequence[Effect] = (),
    frees: Role | None = None,
) -> Transition:
    """Time moves the case; a timer carries no guard."""
    return Transition(name, source, target, text, do=tuple(do), due=due, frees=frees)


@dataclass(frozen=True, slots=True)
class Process:
    """One version of one process."""

    key: str
    version: int
    sector: str
    text: T
    states: type[States]
    roles: tuple[Role, ...]
    transitions: tuple[Transition, ...]
    terms: type[object] | None = None
    needs_pool: bool = False
    _from: dict[States | None, tuple[Transition, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def __post_init__(self) -> None:
        for state in (None, *self.states):
            self._from[state] = tuple(t for t in self.transitions if t.source is state)

    def leaving(self, state: States | None) -> tuple[Transition, ...]:
        """The transitions out of a state; None = the starts."""
        return self._from[state]

    def is_terminal(self, state: States) -> bool:
        """Whether nothing leaves the state."""
        return not self._from[state]

    def state(self, key: str) -> States:
        """The state with this key; KeyError when there is none."""
        for state in self.states:
            if state.key == key:
                return state
        raise KeyError(key)

    def transition(self, source: States | None, name: str) -> Transition | None:
        """The transition of this name out of a state, or None."""
        return next((t for t in self._from[source] if t.name == name), None)

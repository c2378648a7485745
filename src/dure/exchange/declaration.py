"""The words in which a process is declared; typed, read without a database.

Nouns: a *state*, a *role*, a *step* by somebody, a *timer* by nobody, a *guard* that may refuse,
an *effect* that takes or gives something back, a *process* of all these.
Law: a declaration only says; the checker proves it, the interpreter runs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

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
    `trusted`: a coordinator, a pool or an instrument, bound by policy and not as a party.
    `works`: who holds the role without being a party: those ``helping`` at the organisation of
    the case, those ``hosting`` it, or ``nobody``, as only the engine itself takes the step.
    `side`: roles of one side count as one in a step of both; a role alone is its own.
    `answers`: who hosts for an organisation in this role is not trusted with its case."""

    key: str
    text: T
    pays: bool = False
    confirms: bool = False
    trusted: bool = False
    works: str = ""
    side: str = ""
    answers: bool = False

    @property
    def part(self) -> str:
        """The side that it stands on in a step of both."""
        return self.side or self.key


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
    tells: tuple[str, ...] = ()


HOLD_SLOT = Effect("hold_slot", takes=frozenset({Held.SLOT}))
RELEASE_SLOT = Effect("release_slot", gives=frozenset({Held.SLOT}))
HAND_OUT = Effect("hand_out", needs=frozenset({Held.SLOT}))
EXTEND_OPEN = Effect("extend_open", needs=frozenset({Held.SLOT}))
EXTEND_SLOT = Effect("extend_slot", needs=frozenset({Held.SLOT}))
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
MEET = Effect("meet")
LEAVE = Effect("leave", gives=frozenset({Held.SLOT}))
PUT_BACK = Effect("put_back", gives=frozenset({Held.SLOT}))
COME_BACK = Effect("come_back")
KEEP_TURNS = Effect("keep_turns")


def notify(*roles: Role) -> Effect:
    """Tell the people in these roles that the case has moved."""
    return Effect("notify", tells=tuple(role.key for role in roles))


def link(process: str) -> Effect:
    """Begin a case of another process under this one."""
    return Effect("link", purpose=process)


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
    """When a timer falls due: `offset` after `anchor` (`entered`, `start`, `end`, `due`,
    `closes`, `pickup`), or after as long as the rulebook says: a `rule` whose key ends in _days,
    _hours or _minutes."""

    anchor: str
    offset: timedelta = timedelta()
    rule: str = ""


def after(**span: float) -> Due:
    """So long after the state was entered: ``after(days=30)``."""
    return Due("entered", timedelta(**span))


def ruled(rule: str, anchor: str = "entered") -> Due:
    """So long after a moment as the rulebook says: ``ruled("x.answer_days")``."""
    assert rule.endswith(("_days", "_hours", "_minutes")), rule
    return Due(anchor, rule=rule)


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
    `binds` = the role in which the actor becomes a party; `meets` = the role in which the other
    side of a start does; `frees` = the role that is let go; `says` = the kind of proof that the
    step leaves; `needs` = what a start is given: pool, listing, asset, slot, other."""

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
    meets: Role | None = None
    says: str = ""
    needs: tuple[str, ...] = ()

    @property
    def is_timer(self) -> bool:
        """Whether nobody has to act."""
        return self.due is not None

    @property
    def sides(self) -> Mapping[str, str]:
        """The side of each role that acts, by its key."""
        return {role.key: role.part for role in self.by}

    @property
    def is_for_two(self) -> bool:
        """Whether people of two sides must both act, or one by the other's code."""
        return self.kind is ByKind.BOTH and len(set(self.sides.values())) > 1


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
class Price:
    """Value that a case holds: `amount` of `unit`, from one role to another. A deposit is given
    back unless somebody trusted decides otherwise."""

    unit: str
    amount: int
    payer: str
    payee: str
    purpose: str
    deposit: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """What a case states to the journal; the organisation, district and case are its own.
    `takes`: the role of who takes or buys, in whose district it counts where the label says so."""

    label: str
    qty: int
    began: datetime
    ended: datetime
    dims: Mapping[str, str] = field(default_factory=dict)
    takes: str = ""
    part: str = ""  # tells facts of one label in one case apart


@dataclass(frozen=True, slots=True)
class Portion:
    """So much of a paid amount, in proportion to `weight`, is told with these dimensions."""

    dims: Mapping[str, str]
    weight: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A lane of an asset, wanted from one moment to another, or for good (no end)."""

    asset: UUID | None
    starts: datetime
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class SeenClaim:
    """What a case asked of one pool, what it was awarded, what was weighed when it was packed."""

    asked: int
    tolerance: int
    awarded: int | None
    weighed: int | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as its declaration's functions see it: typed, read without a database.

    `answers` and `moments` are those of the newest step of each name; `asset`, `listing` and
    `pool` are the terms stored with them; `qty` is the quantity corrected later, if any.
    """

    now: datetime
    terms: Any  # Any: the process's own Terms
    starts: datetime | None
    ends: datetime | None
    answers: Mapping[str, Any]  # Any: what each transition asks
    moments: Mapping[str, datetime]
    asset: Mapping[str, Any]  # Any: stored terms
    listing: Mapping[str, Any]  # Any: as above, with reciprocity and rate
    pool: Mapping[str, Any]  # Any: as above
    asset_id: UUID | None = None
    qty: int | None = None
    opens: datetime | None = None  # of its pool
    closes: datetime | None = None
    claims: Mapping[str, SeenClaim] = field(default_factory=dict)  # by the pool's id


@dataclass(frozen=True, slots=True)
class Process:
    """One version of one process.

    `price` says what value it holds, `settled` how much of each is moved at last (else all, and
    nothing of a deposit), `wanted` which lanes it takes (else its asset from start to end),
    `facts` what it states, `fits` refuses terms that the rules do not allow (None = they do),
    `agree` says what is agreed from the beginning: the terms as they stay, whatever changes later.
    `for_good`: its cases give a thing a new owner; they begin at listings that give, nothing else.
    Won that it moves are stated by themselves; `divides` says how those paid for one purpose
    divide, where more is known of them than who was paid.
    """

    key: str
    version: int
    sector: str
    text: T
    states: type[States]
    roles: tuple[Role, ...]
    transitions: tuple[Transition, ...]
    terms: type[object] | None = None
    needs_pool: bool = False
    pool_kind: str = ""  # the kind of pool that a case begins at; "" = an event
    asset_kind: str = ""  # the kind of asset that a case is of; "" = a thing that is lent
    price: Callable[[Seen], tuple[Price, ...]] | None = None
    settled: Callable[[Seen, Price], int] | None = None
    wanted: Callable[[Seen], tuple[Wanted, ...]] | None = None
    facts: Callable[[Seen], tuple[Fact, ...]] | None = None
    fits: Callable[[Seen], T | None] | None = None
    agree: Callable[[Seen], object] | None = None
    for_good: bool = False
    divides: Callable[[Seen, str], tuple[Portion, ...]] | None = None
    _from: dict[States | None, tuple[Transition, ...]] = field(
        init=False, default_factory=dict, compare=False, repr=False
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

    @property
    def claims(self) -> bool:
        """Whether its cases claim something of pools."""
        return any(effect.name == CLAIM.name for t in self.transitions for effect in t.do)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels under which this process states facts."""
        effects = (effect for t in self.transitions for effect in t.do)
        return tuple(dict.fromkeys(label for effect in effects for label in effect.labels))

    def role(self, key: str) -> Role:
        """The role with this key; KeyError when there is none."""
        for role in self.roles:
            if role.key == key:
                return role
        raise KeyError(key)

    def transition(self, source: States | None, name: str) -> Transition | None:
        """The transition of this name out of a state, or None."""
        return next((t for t in self._from[source] if t.name == name), None)

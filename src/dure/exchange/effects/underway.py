"""A step under way: what effects and guards are given, and the value they gather.

Law: an effect changes rows of the exchange at once; value is only gathered here, and posted by
the action in one statement at its end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from dure.core.actors import Actor
from dure.core.text import T
from dure.exchange.cases import Case, seen
from dure.exchange.declaration import Effect, Process, Seen
from dure.exchange.models import Agreement
from dure.ledger.posting import Movement


@dataclass(slots=True)
class Underway:
    """One step of one case: who takes it, as what, and what it has gathered so far."""

    case: Case
    actor: Actor
    role: str
    movements: list[Movement] = field(default_factory=list)
    proof: UUID | None = None
    way_out: Callable[[Agreement, Underway], None] | None = None  # displaces another case
    offers: bool = True  # whether a lane that comes free is offered to who waits
    is_late: bool = False  # whether one side's word was taken down and brought in afterwards

    @property
    def agreement(self) -> Agreement:
        """The row of the case."""
        return self.case.agreement

    @property
    def process(self) -> Process:
        """The version that the case runs on."""
        return self.case.process

    def seen(self) -> Seen:
        """The case as its declaration's functions see it, this step's answer among it."""
        return seen(self.agreement, self.process)


Does = Callable[[Underway, Effect], None]
Asks = Callable[[Underway], T | None]  # None = yes, else why not

EFFECTS: dict[str, Does] = {}
GUARDS: dict[str, Asks] = {}


def effect(name: str) -> Callable[[Does], Does]:
    """Register the function of an effect."""

    def register(function: Does) -> Does:
        assert name not in EFFECTS, f"{name} is taken"
        EFFECTS[name] = function
        return function

    return register


def guard(name: str) -> Callable[[Asks], Asks]:
    """Register the function of a guard."""

    def register(function: Asks) -> Asks:
        assert name not in GUARDS, f"{name} is taken"
        GUARDS[name] = function
        return function

    return register

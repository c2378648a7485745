"""Things to do: what waits for a person, told by the rooms, most urgent first.

A room registers one provider; it reads through the person's scope and gives at most a handful.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from dure.core.actors import Actor

SHOWN_MAX = 5


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing to do.

    title : what to do, a verb      why : why it is here, one sentence
    href  : where it is done        due : last day, or None
    late  : the day is over         icon : a name of `icons.ICONS`
    """

    title: str
    why: str
    href: str
    due: date | None = None
    late: bool = False
    icon: str = "bell"


Provider = Callable[[Actor], Iterable[Thing]]
PROVIDERS: list[Provider] = []


def provider(function: Provider) -> Provider:
    """Register a room's provider of things to do."""
    if function not in PROVIDERS:
        PROVIDERS.append(function)
    return function


def things_for(actor: Actor) -> list[Thing]:
    """Gather what waits for this person: late first, then by day, those without a day last."""
    found = [thing for give in PROVIDERS for thing in give(actor)]
    return sorted(found, key=lambda thing: (not thing.late, thing.due or date.max, thing.title))

"""What a question to a second person is about: the thing itself, by name and with its page.

A room registers one function for each field of its bodies that names a thing of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dure.core.actors import Actor
from dure.core.text import T


@dataclass(frozen=True, slots=True)
class About:
    """One thing that a question names. `href`: where it can be looked at, "" where nowhere."""

    label: T
    text: str
    href: str = ""


Teller = Callable[[str, Actor], About | None]
TELLERS: dict[str, Teller] = {}


def about(field: str) -> Callable[[Teller], Teller]:
    """Register what tells of the thing that a field of a body names by its id."""

    def keep(teller: Teller) -> Teller:
        TELLERS[field] = teller
        return teller

    return keep


def things_named(body: Iterable[tuple[str, str]], actor: Actor) -> dict[str, About]:
    """The things of a body that are known and that the actor may see, by field."""
    found = {
        field: TELLERS[field](value, actor) for field, value in body if field in TELLERS and value
    }
    return {field: one for field, one in found.items() if one is not None}

"""Permissions as sentences of small named facts.

Nouns: fact (사실 술어, one yes/no on actor, thing and now), policy (권한 문장, facts joined with
``&``, ``|``, ``~``). Law: a fact only reads; a refusal names the first fact that failed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from dure.core.actors import Actor
from dure.core.text import T

# Any: a fact reads whatever object its action hands it.
Test = Callable[[Actor, Any, datetime], bool]
Twin = Callable[[Actor, datetime], Q]

NOTHING = Q(pk__in=[])


class Policy:
    """One sentence. Subclasses are facts and their joins."""

    def failed(self, actor: Actor, thing: object, now: datetime) -> Policy | None:
        """The first fact that says no, or None when the sentence holds."""
        raise NotImplementedError

    def holds(self, actor: Actor, thing: object, now: datetime) -> bool:
        """Whether the sentence holds."""
        return self.failed(actor, thing, now) is None

    def q(self, actor: Actor, now: datetime) -> Q:
        """The queryset twin; asserts that every fact has one."""
        raise NotImplementedError

    @property
    def text(self) -> T:
        """The sentence in words."""
        raise NotImplementedError

    def __and__(self, other: Policy) -> Policy:
        return _Both(self, other)

    def __or__(self, other: Policy) -> Policy:
        return _Either(self, other)

    def __invert__(self) -> Policy:
        return _Not(self)


@dataclass(frozen=True, eq=False)
class Fact(Policy):
    """One named fact."""

    name: str
    words: T
    test: Test
    twin: Twin | None

    def failed(self, actor: Actor, thing: object, now: datetime) -> Policy | None:
        return None if self.test(actor, thing, now) else self

    def q(self, actor: Actor, now: datetime) -> Q:
        assert self.twin is not None, f"fact {self.name} has no queryset twin"
        return self.twin(actor, now)

    @property
    def text(self) -> T:
        return self.words

    def __call__(self, actor: Actor, thing: object, now: datetime) -> bool:
        return self.test(actor, thing, now)


@dataclass(frozen=True, eq=False)
class _Both(Policy):
    left: Policy
    right: Policy

    def failed(self, actor: Actor, thing: object, now: datetime) -> Policy | None:
        return self.left.failed(actor, thing, now) or self.right.failed(actor, thing, now)

    def q(self, actor: Actor, now: datetime) -> Q:
        return self.left.q(actor, now) & self.right.q(actor, now)

    @property
    def text(self) -> T:
        left, right = self.left.text, self.right.text
        return T(f"{left.ko} 그리고 {right.ko}", f"{left.en} and {right.en}")


@dataclass(frozen=True, eq=False)
class _Either(Policy):
    left: Policy
    right: Policy

    def failed(self, actor: Actor, thing: object, now: datetime) -> Policy | None:
        first = self.left.failed(actor, thing, now)
        if first is None or self.right.holds(actor, thing, now):
            return None
        return first

    def q(self, actor: Actor, now: datetime) -> Q:
        return self.left.q(actor, now) | self.right.q(actor, now)

    @property
    def text(self) -> T:
        left, right = self.left.text, self.right.text
        return T(f"({left.ko} 또는 {right.ko})", f"({left.en} or {right.en})")


@dataclass(frozen=True, eq=False)
class _Not(Policy):
    inner: Policy

    def failed(self, actor: Actor, thing: object, now: datetime) -> Policy | None:
        return self if self.inner.holds(actor, thing, now) else None

    def q(self, actor: Actor, now: datetime) -> Q:
        return ~self.inner.q(actor, now)

    @property
    def text(self) -> T:
        return T(f"{self.inner.text.ko} 아님", f"not {self.inner.text.en}")


def fact(name: str, *, ko: str, en: str, q: Twin | None = None) -> Callable[[Test], Fact]:
    """Declare a fact: ``@fact("is_chair", ko=…, en=…) def is_chair(actor, thing, now)``."""

    def declare(test: Test) -> Fact:
        return Fact(name, T(ko, en), test, q)

    return declare


@fact("anyone", ko="누구나", en="anyone", q=lambda actor, now: Q())
def anyone(actor: Actor, thing: object, now: datetime) -> bool:
    """True for everybody, visitors too."""
    return True


@fact(
    "is_person",
    ko="로그인한 사람",
    en="signed-in person",
    q=lambda actor, now: Q() if actor.id else NOTHING,
)
def is_person(actor: Actor, thing: object, now: datetime) -> bool:
    """True for a signed-in person."""
    return actor.kind.value == "person"


@fact(
    "is_operator",
    ko="운영자",
    en="operator",
    q=lambda actor, now: Q() if actor.kind.value == "operator" else NOTHING,
)
def is_operator(actor: Actor, thing: object, now: datetime) -> bool:
    """True for the operator of the machine."""
    return actor.kind.value == "operator"


@fact(
    "is_timer",
    ko="시간 작업",
    en="timer",
    q=lambda actor, now: Q() if actor.kind.value == "timer" else NOTHING,
)
def is_timer(actor: Actor, thing: object, now: datetime) -> bool:
    """True for a named timer."""
    return actor.kind.value == "timer"

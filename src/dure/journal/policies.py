"""Who may do what in the journal."""

from __future__ import annotations

from datetime import datetime

from dure.core.actors import Actor, ActorKind, Role
from dure.core.policies import fact


@fact("is_operator", ko="운영자입니다", en="is the operator")
def is_operator(actor: Actor, thing: object, now: datetime) -> bool:
    """The operator of the machine."""
    return actor.kind is ActorKind.OPERATOR or actor.has(Role.OPERATOR)


@fact("is_timer", ko="정해진 시각의 일입니다", en="is a timer")
def is_timer(actor: Actor, thing: object, now: datetime) -> bool:
    """A named timer of the installation."""
    return actor.kind is ActorKind.TIMER


@fact("is_data_steward", ko="라벨 관리자입니다", en="is a data steward")
def is_data_steward(actor: Actor, thing: object, now: datetime) -> bool:
    """An official or an analyst of any district: factors are the city's, not a district's."""
    return actor.has(Role.OFFICIAL) or actor.has(Role.ANALYST)


may_load_factors = is_operator | is_data_steward
may_seal = is_operator | is_timer

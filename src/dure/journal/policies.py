"""Who may do what in the journal."""

from __future__ import annotations

from datetime import datetime

from dure.core.actors import Actor, Role
from dure.core.policies import fact, is_operator, is_timer


@fact("is_data_steward", ko="라벨 관리자입니다", en="is a data steward")
def is_data_steward(actor: Actor, thing: object, now: datetime) -> bool:
    """An official or an analyst of any district: factors are the city's, not a district's."""
    return actor.has(Role.OFFICIAL) or actor.has(Role.ANALYST)


may_install = is_operator
may_load_factors = is_operator | is_data_steward
may_seal = is_operator | is_timer

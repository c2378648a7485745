"""Who may do what with rolls."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.core.actors import EVERY_PERSON, Actor, Role
from dure.core.policies import fact, is_operator, is_person

RUNNERS = {Role.OFFICIAL: "d", Role.BOARD: "m", Role.OPERATOR: "o"}
SEALERS = {Role.OFFICIAL: "d2", Role.BOARD: "m2"}
EVERYBODY = EVERY_PERSON


@fact("runs_roll", ko="명부를 맡은 사람", en="keeper of the roll")
def runs_roll(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: Roll or the scope of one
    """An official of the district, or for an organisation's own roll one of its board."""
    if thing.organisation_id is not None:
        return actor.has(Role.BOARD, organisation=thing.organisation_id)
    return actor.has(Role.OFFICIAL, district=thing.district_id)


may_draft_roll = runs_roll | is_operator
may_seal_roll = runs_roll
may_answer_objection = runs_roll
may_object = is_person

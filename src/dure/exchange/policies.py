"""Who may do what in the exchange."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.core.actors import Actor, Role
from dure.core.policies import fact, is_operator, is_person, is_timer

from . import interpreter
from .models import HELPING, HOSTING


@fact("takes_this_step", ko="이 일을 맡은 사람입니다", en="holds the role of this step")
def takes_this_step(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: a Case
    """A party in the step's role, or the host or coordinator of the case."""
    return interpreter.may_take(thing, actor)


@fact("works_at_event", ko="모임을 여는 조직의 사람입니다", en="works for the host of the event")
def works_at_event(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: Pool or Agreement
    """A member, keeper or board member of the host, or staff of its district."""
    return interpreter.works_for(actor, thing.organisation_id, thing.district_id, HELPING)


@fact("hosts_event", ko="모임을 여는 사람입니다", en="hosts the event")
def hosts_event(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: Pool or Agreement
    """A keeper or board member of the host, or staff of its district."""
    return interpreter.works_for(actor, thing.organisation_id, thing.district_id, HOSTING)


@fact("hosts_for_organisation", ko="이 조직의 사람입니다", en="acts for this organisation")
def hosts_for_organisation(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: Organisation
    """A keeper or board member of an organisation, or staff of its district."""
    return interpreter.works_for(actor, thing.id, thing.district_id, HOSTING)


@fact("keeps_district", ko="자치구 센터의 실무자입니다", en="keeps the district")
def keeps_district(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: a Target of an import
    """Staff of the district, or keeper of the organisation that an import is for."""
    return interpreter.works_for(actor, thing.organisation_id, thing.district, HOSTING)


@fact("keeps_factors", ko="계수를 다루는 사람입니다", en="keeps the factors")
def keeps_factors(actor: Actor, thing: object, now: datetime) -> bool:
    """An official or an analyst; factors are the city's."""
    return actor.has(Role.OFFICIAL) or actor.has(Role.ANALYST)


may_take_step = takes_this_step
may_submit = is_person
may_record = works_at_event
may_correct = hosts_event
may_open_event = hosts_for_organisation
may_edit_event = hosts_event
may_import = keeps_district
may_tick = is_timer | is_operator
may_install = is_operator
may_estimate = is_operator | keeps_factors

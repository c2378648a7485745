"""Who may do what in the exchange."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from dure.core.actors import EVERY_PERSON, Actor, Role
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


@fact("asks_nothing_here", ko="여기에 신청하지 않은 사람입니다", en="has no claim here")
def asks_nothing_here(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: a Pool
    """Neither she nor the person she acts for has a claim that stands in the pool, or gives in
    one."""
    people = [one for one in (actor.id, actor.acting_for) if one is not None]
    mine = Q(person__in=people) | Q(reason__giver__in=[str(one) for one in people])
    return not thing.claims.filter(mine, withdrawn_at=None).exists()


@fact("hosts_for_organisation", ko="이 조직의 사람입니다", en="acts for this organisation")
def hosts_for_organisation(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: Organisation
    """A keeper or board member of an organisation, or staff of its district."""
    return interpreter.works_for(actor, thing.id, thing.district_id, HOSTING)


@fact("helps_organisation", ko="이 조직의 조합원입니다", en="belongs to this organisation")
def helps_organisation(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: Organisation
    """A member, keeper or board member of an organisation, or staff of its district."""
    return interpreter.works_for(actor, thing.id, thing.district_id, HELPING)


@fact("hosts_somewhere", ko="어딘가에서 약속을 돌보는 사람입니다", en="hosts agreements somewhere")
def hosts_somewhere(actor: Actor, thing: object, now: datetime) -> bool:
    """A keeper or board member of any organisation, or staff of any district."""
    scopes = ("organisation", "district", "city")
    return any(actor.scope_ids(role, scope) for role in HOSTING for scope in scopes)


@fact("keeps_district", ko="자치구 센터의 실무자입니다", en="keeps the district")
def keeps_district(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: a Target of an import
    """Staff of the district, or keeper of the organisation that an import is for."""
    return interpreter.works_for(actor, thing.organisation_id, thing.district, HOSTING)


@fact("keeps_factors", ko="계수를 다루는 사람입니다", en="keeps the factors")
def keeps_factors(actor: Actor, thing: object, now: datetime) -> bool:
    """An official or an analyst; factors are the city's."""
    return actor.has(Role.OFFICIAL) or actor.has(Role.ANALYST)


@fact("begins_this", ko="이 일을 시작하는 사람입니다", en="is who begins this")
def begins_this(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: an Opening
    """Any person, where a party begins; else who works for the organisation it is at."""
    here = (actor, thing.organisation_id, thing.district_id)
    works = {role.works for role in thing.start.by}
    if "nobody" in works:
        return False
    if "" in works:
        return True
    return interpreter.works_for(*here, HELPING if "helping" in works else HOSTING)


@fact("is_of_case", ko="이 약속의 당사자이거나 담당자입니다", en="is of this case, or keeps it")
def is_of_case(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: an Agreement
    """A party of the case, or who works for its host."""
    if interpreter.is_party(thing, actor):
        return True
    return interpreter.works_for(actor, thing.organisation_id, thing.district_id, HELPING)


@fact("is_of_this_case", ko="이 약속을 함께한 사람입니다", en="was of this agreement")
def is_of_this_case(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: an Agreement
    """A party of the case."""
    return interpreter.is_party(thing, actor)


@fact("is_reviewed", ko="후기에 적힌 사람입니다", en="is who was reviewed")
def is_reviewed(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: an About
    """The person whom the review is of."""
    return actor.behalf is not None and thing.review.of == actor.behalf


@fact("coordinates_review", ko="이 약속을 돌보는 사람입니다", en="looks after the agreement")
def coordinates_review(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: an About
    """Who hosts the case, and is neither writer nor reviewed, for herself or another."""
    if {actor.id, actor.behalf} & {thing.review.of, thing.review.by}:
        return False
    return interpreter.works_for(actor, thing.organisation_id, thing.district_id, HOSTING)


@fact("has_this", ko="자기 글이나 자기 물건입니다", en="has put it up, or works for who has")
def has_this(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: a Listing or an Asset
    """Whose it is, who works for its organisation, or keeps its district."""
    whose = getattr(thing, "owner", None) or getattr(thing, "person", None)
    if actor.behalf is not None and whose == actor.behalf:
        return True
    return interpreter.works_for(actor, thing.organisation_id, thing.district_id, HOSTING)


@fact("drives_this", ko="이 차를 운전하는 사람입니다", en="is who drives")
def drives_this(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: an Asset
    """The driver of a trip herself, or who acts for her."""
    return actor.behalf is not None and thing.owner == actor.behalf


@fact("is_matched", ko="이 제안의 당사자입니다", en="is one of those matched")
def is_matched(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: a Match
    """Whose request or offer it is, or who answered; those who keep the listing, too."""
    if actor.behalf is not None and thing.answered_by == actor.behalf:
        return True
    both = (thing.request, thing.offer)
    return any(one is not None and has_this.holds(actor, one, now) for one in both)


@fact("offers_here", ko="자기 이름으로, 또는 그 조직의 이름으로", en="for oneself, or for the host")
def offers_here(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: a Spot
    """A person for herself; for an organisation, who hosts there."""
    if thing.for_organisation:
        return interpreter.works_for(actor, thing.organisation_id, thing.district_id, HOSTING)
    return actor.behalf is not None


@fact("belongs_here", ko="이 조직의 사람입니다", en="belongs to the organisation")
def belongs_here(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: a Spot
    """Where a listing stands at an organisation: a member or who works there."""
    if thing.organisation_id is None:
        return True
    return interpreter.works_for(actor, thing.organisation_id, thing.district_id, HELPING)


@fact("keeps_listing", ko="이 글을 살피는 담당자입니다", en="looks at listings here")
def keeps_listing(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: a Listing
    """Who hosts at its organisation, or keeps its district; nobody her own."""
    if actor.id is not None and thing.person == actor.id:
        return False
    return interpreter.works_for(actor, thing.organisation_id, thing.district_id, HOSTING)


@fact("supplies_here", ko="이 회차를 열거나 대는 곳의 사람입니다", en="runs or supplies the cycle")
def supplies_here(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: a Supply
    """Who hosts at the hub of the cycle, or at a producer that the hub has taken in before."""
    if hosts_event.holds(actor, thing.cycle, now):
        return True
    if not thing.is_known:
        return False
    return interpreter.works_for(actor, thing.producer.id, thing.producer.district_id, HOSTING)


@fact("fills_this", ko="이 바구니의 주인입니다", en="is whose basket it is")
def fills_this(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: an Agreement
    """The buyer herself, or who acts for her."""
    parties = thing.parties.filter(role="buyer", person=actor.behalf)
    return actor.behalf is not None and bool(parties.exists())


@fact("packs_this", ko="이 바구니를 꾸리는 사람입니다", en="packs this basket")
def packs_this(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: an Agreement
    """Who hosts at the hub; nobody her own."""
    return hosts_event.holds(actor, thing, now) and not interpreter.is_party(thing, actor)


@fact("orders_standing", ko="이 정기 주문의 주인입니다", en="is whose standing order it is")
def orders_standing(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: a Listing
    """The member herself, or who acts for her."""
    return actor.behalf is not None and thing.person == actor.behalf


@fact("is_in_case", ko="이 약속의 당사자입니다", en="is a party of the case")
def is_in_case(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: an Agreement
    """Who is a party herself, or acts for one."""
    return interpreter.is_party(thing, actor)


@fact("spends_for_hub", ko="나눔터의 회계 담당이나 승인자", en="treasurer or approver of the hub")
def spends_for_hub(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: a Pool
    """Who spends what the organisation of a pool has."""
    return any(
        actor.has(role, organisation=thing.organisation_id)
        for role in (Role.TREASURER, Role.APPROVER)
    )


COORDINATORS = {Role.STAFF: "dm", Role.BOARD: "m"}
OWN_OR_HOST = {**EVERY_PERSON, Role.STAFF: "odm", Role.BOARD: "om"}
may_take_step = takes_this_step
may_start = is_person & begins_this
may_offer = is_person & offers_here
may_publish = is_person & offers_here & belongs_here
may_edit = is_person & has_this
may_answer = is_person
may_drive = is_person & drives_this
may_decline = is_person & is_matched
may_release = is_person & keeps_listing
may_match = keeps_district | is_timer
may_open_pool = is_person & hosts_for_organisation
may_join_pool = is_person
may_divide_pool = is_person & hosts_event & asks_nothing_here
may_note = is_person & is_of_case
may_record = works_at_event
may_help = is_person & helps_organisation
may_correct = hosts_event
may_reassign = is_person & hosts_event & ~is_in_case
may_open_event = hosts_for_organisation
may_edit_event = hosts_event
may_import = keeps_district
may_keep_points = is_person & keeps_district
may_tick = is_timer | is_operator
may_run_pool = (is_person & hosts_event) | is_timer | is_operator
may_install = is_operator
may_report = is_operator | hosts_somewhere
may_review = is_person & is_of_this_case
may_rule_on_review = is_operator | coordinates_review
may_estimate = is_operator | keeps_factors
may_supply = is_person & supplies_here
may_fill = is_person & fills_this
may_weigh = is_person & packs_this
may_weigh_product = is_person & hosts_event
may_stand = is_person & orders_standing
may_pay_producers = is_person & spends_for_hub

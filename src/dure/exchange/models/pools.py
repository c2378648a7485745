"""Pools: what is settled together; for repair, an event with date, place and host."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from dure.core.actors import ActorKind, Role
from dure.core.models import DomainModel

if TYPE_CHECKING:
    from dure.core.actors import Actor

HOSTING = (Role.STAFF, Role.BOARD)
HELPING = (*HOSTING, Role.MEMBER)


def hosted_q(actor: Actor, roles: tuple[Role, ...]) -> Q:
    """Rows whose organisation or district gives `actor` one of `roles`; the operator: all."""
    if actor.kind is ActorKind.OPERATOR:
        return Q()
    organisations = {scope for role in roles for scope in actor.scope_ids(role, "organisation")}
    districts = set(actor.scope_ids(Role.STAFF, "district"))
    found = Q(organisation_id__in=organisations) | Q(district_id__in=districts)
    if actor.scope_ids(Role.STAFF, "city"):
        found = Q()
    return found


class Pool(DomainModel):
    """One event, cycle or round. A repair event is of kind event_queue."""

    class Kind(models.TextChoices):
        ORDER_CYCLE = "order_cycle", "주문 회차"
        SETTLEMENT_MONTH = "settlement_month", "정산 달"
        CLEARING_ROUND = "clearing_round", "교환 회차"
        EVENT_QUEUE = "event_queue", "모임"
        HOME_OFFER = "home_offer", "입주 모집"
        FUND_CALL = "fund_call", "기금 공모"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("종류", max_length=16, choices=Kind.choices)
    organisation = models.ForeignKey(
        "registry.Organisation",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="여는 조직",
    )
    district = models.ForeignKey(
        "registry.District", models.PROTECT, related_name="+", verbose_name="자치구"
    )
    title = models.CharField("이름", max_length=200)
    place = models.CharField("곳", max_length=200, blank=True, default="")
    opens = models.DateTimeField("시작")
    closes = models.DateTimeField("끝")
    provider = models.CharField("자료를 준 곳", max_length=200, blank=True, default="")
    country = models.CharField("나라", max_length=3, default="KOR", blank=True)
    external_ref = models.CharField("바깥 번호", max_length=300, null=True)
    cancelled = models.BooleanField("취소됨", default=False)
    is_synthetic = models.BooleanField("가상 자료", default=False)
    created_at = models.DateTimeField("만든 시각")
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "모음"
        constraints = (
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")), name="pool_closes_after_it_opens"
            ),
            models.UniqueConstraint(fields=("kind", "external_ref"), name="pool_came_in_once"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(external_ref__isnull=False),
                name="pool_has_a_host_or_a_source",
            ),
        )
        indexes = (
            models.Index(fields=("kind", "district", "-opens"), name="pool_by_place_and_time"),
        )

    def __str__(self) -> str:
        return self.title

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Pools that an actor runs or helps at; that an event takes place is public anyway."""
        return hosted_q(actor, HELPING)

"""Assets: lendable, livable or producing things, with their lanes and their stock."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from .places import HOSTING, Placed, audience_q, hosted_q
from .specs import Spec

if TYPE_CHECKING:
    from dure.core.actors import Actor


class Asset(Placed):
    """One thing, or several alike: 5 drills are one asset with lanes 0 to 4.

    Its organisation is its steward; `owner` is a person where a neighbour lends her own.
    `terms` is typed by `kind` (see `exchange.terms`), stored as JSON.
    """

    class Kind(models.TextChoices):
        EQUIPMENT = "equipment", "장비"
        TRIP = "trip", "운행 구간"
        STOCK = "stock", "재고"
        DWELLING = "dwelling", "집"
        METER = "meter", "계량기"
        OTHER = "other", "그 밖"

    class Condition(models.TextChoices):
        GOOD = "good", "좋음"
        FAIR = "fair", "쓸 만함"
        REPAIR = "repair", "수리 필요"
        RETIRED = "retired", "내보냄"

    NOT_LENT = (Condition.REPAIR, Condition.RETIRED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("갈래", max_length=10, choices=Kind.choices, default=Kind.EQUIPMENT)
    spec = models.ForeignKey(
        Spec, models.PROTECT, null=True, related_name="assets", verbose_name="품목"
    )
    title = models.CharField("이름", max_length=200)
    text = models.CharField("설명", max_length=2000, blank=True, default="")
    search_key = models.CharField("찾기 열쇠", max_length=200, default="")
    owner = models.UUIDField("주인", null=True)
    lanes = models.SmallIntegerField("칸", default=1)
    buffer_min = models.IntegerField("앞뒤 여유(분)", default=0)
    hours = models.CharField("여는 때(RRULE)", max_length=500, blank=True, default="")
    stock = models.BigIntegerField("재고", default=0)
    reserved = models.BigIntegerField("맡아 둔 재고", default=0)
    condition = models.CharField(
        "상태", max_length=8, choices=Condition.choices, default=Condition.GOOD
    )
    terms = models.JSONField("조건", default=dict)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="parts", verbose_name="윗 자원"
    )
    created_at = models.DateTimeField("만든 시각")
    retired_at = models.DateTimeField("내보낸 시각", null=True)
    audit = models.UUIDField("감사 기록")

    class Meta(Placed.Meta):
        verbose_name = "자원"
        constraints = (
            models.CheckConstraint(
                condition=Q(lanes__gte=1, lanes__lte=10_000), name="asset_has_a_lane"
            ),
            models.CheckConstraint(
                condition=Q(buffer_min__gte=0, buffer_min__lte=10_080), name="asset_buffer_is_short"
            ),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, stock__gte=F("reserved")),
                name="asset_reserves_what_it_has",
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(owner__isnull=False),
                name="asset_has_a_steward_or_an_owner",
            ),
        )
        indexes = (
            models.Index(
                fields=("owner",), condition=Q(owner__isnull=False), name="asset_by_owner"
            ),
            models.Index(fields=("district", "kind", "-created_at"), name="asset_by_place"),
        )

    def __str__(self) -> str:
        return self.title

    @classmethod
    def mine_q(cls, actor: Actor) -> Q:
        """Those an actor owns, or whose steward or district she hosts."""
        found = hosted_q(actor, HOSTING)
        if found and actor.behalf is not None:
            found |= Q(owner=actor.behalf)
        return found

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """One's own, and those that are open to the actor."""
        mine = cls.mine_q(actor)
        return mine and (mine | (audience_q(actor) & Q(retired_at__isnull=True)))

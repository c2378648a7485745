"""Commitments: who gives what to whom, when and in which lane; the wall against double booking."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from dure.core.models import DomainModel

from .agreements import Agreement
from .assets import Asset
from .specs import Spec

if TYPE_CHECKING:
    from dure.core.actors import Actor

OPEN = ("held", "out")


class Commitment(DomainModel):
    """One promise of a case. `slot` is widened by the asset's buffer on both sides; a page shows
    the unwidened times of the agreement. `version` rises with every change (iCalendar SEQUENCE).
    """

    class State(models.TextChoices):
        HELD = "held", "맡아 둠"
        OUT = "out", "나가 있음"
        DONE = "done", "마침"
        RELEASED = "released", "풀림"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="commitments")
    action = models.CharField("행위", max_length=16)
    giver = models.UUIDField("주는 쪽", null=True)
    taker = models.UUIDField("받는 쪽", null=True)
    spec = models.ForeignKey(Spec, models.PROTECT, null=True, related_name="+", db_index=False)
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, related_name="commitments")
    lane = models.SmallIntegerField("칸", null=True)
    qty = models.BigIntegerField("수량", default=1)
    unit = models.CharField("단위", max_length=6, default="C62")
    slot = DateTimeRangeField("때", null=True)
    reciprocal = models.BooleanField("되갚음", default=False)
    state = models.CharField("상태", max_length=8, choices=State.choices, default=State.HELD)
    version = models.IntegerField("판", default=0)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "예약·이행 약속"
        constraints = (
            ExclusionConstraint(
                name="commitment_lane_is_taken_once",
                expressions=(
                    ("asset", RangeOperators.EQUAL),
                    ("lane", RangeOperators.EQUAL),
                    ("slot", RangeOperators.OVERLAPS),
                ),
                condition=Q(state__in=OPEN),
            ),
            models.CheckConstraint(
                condition=Q(lane__isnull=True)
                | Q(asset__isnull=False, slot__isnull=False, lane__gte=0),
                name="commitment_lane_is_of_an_asset",
            ),
            models.CheckConstraint(
                condition=Q(asset__isnull=True) | Q(slot__isnull=True) | Q(lane__isnull=False),
                name="commitment_slot_of_an_asset_has_a_lane",
            ),
            models.CheckConstraint(condition=Q(qty__gte=0), name="commitment_quantity"),
            models.CheckConstraint(
                condition=Q(slot__isnull=True) | Q(slot__isempty=False),
                name="commitment_slot_is_not_empty",
            ),
        )

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Those of the cases that an actor sees."""
        return Q(agreement__in=Agreement.rows.filter(Agreement.scope_q(actor)).values("id"))

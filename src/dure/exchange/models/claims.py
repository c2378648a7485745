"""Claims: what one party asked of a pool, and what its rule awarded."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from dure.core.models import DomainModel

from .agreements import Agreement
from .places import HELPING, hosted_q
from .pools import Pool

if TYPE_CHECKING:
    from dure.core.actors import Actor


class Claim(DomainModel):
    """One ask in a pool. `tolerance` is how much more its party would take; a claim that was
    taken back stays and is `withdrawn`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="claims")
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, related_name="claims", verbose_name="약속"
    )
    person = models.UUIDField("사람", null=True)
    organisation = models.ForeignKey(
        "registry.Organisation", models.PROTECT, null=True, related_name="+", verbose_name="조직"
    )
    asked = models.BigIntegerField("바란 양")
    firm = models.BigIntegerField("꼭 필요한 양", default=0)
    tolerance = models.BigIntegerField("더 받아도 되는 양", default=0)
    weight = models.BigIntegerField("무게", default=1)
    protected = models.BooleanField("먼저 채움", default=False)
    awarded = models.BigIntegerField("받은 양", null=True)
    weighed = models.BigIntegerField("달아 본 양", null=True)
    reason = models.JSONField("까닭", default=dict)
    made_at = models.DateTimeField("신청한 때")
    withdrawn_at = models.DateTimeField("거둔 때", null=True)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "배분 신청"
        constraints = (
            models.CheckConstraint(
                condition=Q(firm__gte=0, asked__gte=F("firm")), name="claim_firm_within_asked"
            ),
            models.CheckConstraint(
                condition=Q(tolerance__gte=0, weight__gte=1), name="claim_tolerance_and_weight"
            ),
            models.CheckConstraint(
                condition=Q(awarded__isnull=True)
                | Q(awarded__gte=0, awarded__lte=F("asked") + F("tolerance")),
                name="claim_is_never_awarded_more",
            ),
            models.CheckConstraint(
                condition=Q(weighed__isnull=True) | Q(weighed__gte=0, awarded__isnull=False),
                name="claim_is_weighed_after_its_award",
            ),
            models.UniqueConstraint(
                fields=("pool", "agreement"),
                condition=Q(withdrawn_at__isnull=True, agreement__isnull=False),
                name="claim_once_a_case",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation__isnull=True)
                | Q(person__isnull=True, organisation__isnull=False),
                name="claim_is_of_a_person_or_an_organisation",
            ),
        )

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """One's own lines, and those of the pools one hosts."""
        hosted = Pool.rows.filter(hosted_q(actor, HELPING)).values("id")
        mine = Q(person=actor.behalf) if actor.behalf is not None else Q(pk__in=[])
        return Q(pool__in=hosted) | mine

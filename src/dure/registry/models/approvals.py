"""Approvals: the second person."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from dure.core.actors import Actor, Role

from .rows import RegistryFact, RegistryRow


class Approval(RegistryRow):
    """A question to a second person: may this action run with exactly this body?"""

    class State(models.TextChoices):
        ASKED = "asked", "승인 기다림"
        APPROVED = "approved", "승인함"
        REFUSED = "refused", "거절함"
        WITHDRAWN = "withdrawn", "거둠"
        USED = "used", "실행함"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    action = models.CharField("행위", max_length=80)
    body = models.JSONField("내용")
    body_hash = models.CharField("내용 해시", max_length=64)
    requester = models.UUIDField("요청한 사람")
    scope_kind = models.CharField("범위", max_length=12, blank=True, default="")
    scope_id = models.CharField("범위 대상", max_length=40, blank=True, default="")
    organisation = models.UUIDField("조직", null=True)
    reason = models.CharField("이유", max_length=500, blank=True, default="")
    needed = models.SmallIntegerField("필요한 승인 수", default=1)
    state = models.CharField("상태", max_length=10, choices=State.choices, default="asked")
    asked_at = models.DateTimeField("요청 시각")
    expires_at = models.DateTimeField("만료 시각")

    class Meta(RegistryRow.Meta):
        verbose_name = "승인"
        constraints = (
            models.CheckConstraint(condition=Q(needed__gte=1), name="approval_needs_somebody"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("asked_at")), name="approval_expires_after_asking"
            ),
        )
        indexes = (models.Index(fields=("state", "expires_at"), name="approval_waiting"),)

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """What one asked; what is asked in one's mandates' scopes, or of one's organisation."""
        found = Q(requester=actor.id) if actor.id else Q(pk__in=[])
        for grant in actor.grants:
            if grant.role not in (Role.RESIDENT, Role.MEMBER):
                if grant.scope_kind == "city":
                    return Q(pk__isnull=False)
                found |= Q(scope_kind=grant.scope_kind, scope_id=grant.scope_id)
                if grant.scope_kind == "organisation":
                    found |= Q(organisation=grant.scope_id)
        return found


class ApprovalDecision(RegistryFact):
    """One person's answer; a trigger refuses the requester, tied persons and late answers."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", "승인"
        REFUSED = "refused", "거절"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="decisions")
    approver = models.UUIDField("승인한 사람")
    outcome = models.CharField("답", max_length=8, choices=Outcome.choices)
    reason = models.CharField("이유", max_length=500, blank=True, default="")
    decided_at = models.DateTimeField("결정 시각")

    class Meta(RegistryFact.Meta):
        verbose_name = "승인 결정"
        constraints = (
            models.UniqueConstraint(
                fields=("approval", "approver"), name="approvaldecision_one_a_person"
            ),
        )

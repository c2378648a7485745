"""Agreements: running cases of declared processes, with their parties, proofs and timers."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from dure.core.actors import ActorKind
from dure.core.models import AppendOnlyModel, DomainModel
from dure.exchange.processes import PROCESSES

from .pools import HELPING, Pool, hosted_q
from .specs import Spec

if TYPE_CHECKING:
    from dure.core.actors import Actor


def _states(*, terminal: bool | None = None) -> Q:
    """Rows whose state is one of their process version's, all or only the terminal ones."""
    found = Q(pk__in=[])
    for process in PROCESSES:
        keys = [
            state.key
            for state in process.states
            if terminal is None or process.is_terminal(state) is terminal
        ]
        one = Q(process=process.key, version=process.version, state__in=keys)
        found = one if found == Q(pk__in=[]) else found | one
    return found


class Agreement(DomainModel):
    """One case. It ends under the version of the process that it began with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    process = models.CharField("절차", max_length=20)
    version = models.SmallIntegerField("판")
    state = models.CharField("상태", max_length=20)
    organisation = models.ForeignKey(
        "registry.Organisation", models.PROTECT, null=True, related_name="+", verbose_name="조직"
    )
    district = models.ForeignKey(
        "registry.District", models.PROTECT, related_name="+", db_index=False, verbose_name="자치구"
    )
    case_id = models.UUIDField("사건 묶음")
    pool = models.ForeignKey(
        Pool, models.PROTECT, null=True, related_name="agreements", verbose_name="모음"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", verbose_name="윗 약속"
    )
    spec = models.ForeignKey(
        Spec, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="품목"
    )
    terms = models.JSONField("내용")
    opened_at = models.DateTimeField("시작 시각")
    entered_at = models.DateTimeField("상태가 된 시각")
    closed_at = models.DateTimeField("끝난 시각", null=True)
    external_ref = models.CharField("바깥 번호", max_length=80, null=True)
    external_digest = models.CharField("바깥 내용 해시", max_length=64, null=True)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "약속"
        constraints = (
            models.CheckConstraint(condition=_states(), name="agreement_state_is_of_its_process"),
            models.CheckConstraint(
                condition=(Q(closed_at__isnull=False) & _states(terminal=True))
                | (Q(closed_at__isnull=True) & _states(terminal=False)),
                name="agreement_is_closed_only_at_its_end",
            ),
            models.UniqueConstraint(
                fields=("process", "external_ref"), name="agreement_came_in_once"
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(external_ref__isnull=False),
                name="agreement_has_a_host_or_a_source",
            ),
            models.CheckConstraint(
                condition=Q(external_ref__isnull=True, external_digest__isnull=True)
                | Q(external_ref__isnull=False, external_digest__isnull=False),
                name="agreement_from_outside_keeps_its_content_hash",
            ),
        )

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Cases of the organisations and districts an actor works for, and one's own."""
        if actor.kind is ActorKind.ANONYMOUS:
            return Q(pk__in=[])
        found = hosted_q(actor, HELPING)
        if found and actor.kind is ActorKind.PERSON:
            mine = Party.rows.filter(person=actor.id).values("agreement_id")
            found |= Q(pk__in=mine)
        return found


class Party(DomainModel):
    """A person in a role of a case; the host is the case's organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="parties")
    role = models.CharField("역할", max_length=20)
    person = models.UUIDField("사람")
    acted_for = models.UUIDField("대신한 사람", null=True)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "당사자"
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "role", "person"), name="party_holds_a_role_once"
            ),
        )
        indexes = (models.Index(fields=("person",), name="party_by_person"),)


class Attestation(AppendOnlyModel):
    """What one party in one role confirmed, assessed or disputed; never changed."""

    class Kind(models.TextChoices):
        OUTCOME = "outcome", "결과"
        CONFIRM = "confirm", "확인"
        DISPUTE = "dispute", "이의"
        CORRECT = "correct", "바로잡음"

    seq = models.BigAutoField(primary_key=True)
    uid = models.UUIDField("이름표", default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="attestations")
    by = models.UUIDField("누가", null=True)
    role = models.CharField("역할", max_length=20)
    kind = models.CharField("종류", max_length=8, choices=Kind.choices)
    value = models.JSONField("값")
    made_at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "확인"
        constraints = (models.UniqueConstraint(fields=("uid",), name="attestation_uid_once"),)


class Timer(DomainModel):
    """When time moves a case; may fire twice or late, the state decides."""

    id = models.BigAutoField(primary_key=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="timers")
    transition = models.CharField("옮김", max_length=20)
    due_at = models.DateTimeField("때")
    fired_at = models.DateTimeField("울린 때", null=True)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "알람"
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "transition"),
                condition=Q(fired_at__isnull=True),
                name="timer_open_once_a_transition",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(fired_at__isnull=True), name="timer_by_due"
            ),
        )

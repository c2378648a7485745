"""Agreements: running cases of declared processes, with their parties, proofs and timers."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.fields.json import KeyTextTransform

from dure.core.actors import ActorKind
from dure.core.models import AppendOnlyModel, DomainModel

from .assets import Asset
from .listings import Listing
from .places import HELPING, HOSTING, hosted_q
from .pools import Pool
from .specs import Spec

if TYPE_CHECKING:
    from dure.core.actors import Actor


HELPED = ("repair",)  # processes in which the members of the host lend a hand


class ProcessState(DomainModel):
    """A state that a version of a process knows. Written by `exchange.process.install` from the
    declarations; every case points here, so a state of no version cannot be stored."""

    process = models.CharField("절차", max_length=20)
    version = models.SmallIntegerField("판")
    state = models.CharField("상태", max_length=20)
    terminal = models.BooleanField("끝")
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "절차의 상태"
        constraints = (
            models.UniqueConstraint(
                fields=("process", "version", "state", "terminal"), name="process_state_once"
            ),
            models.UniqueConstraint(
                fields=("process", "version", "state"), name="process_state_ends_or_not"
            ),
        )


class Agreement(DomainModel):
    """One case. It ends under the version of the process that it began with.

    That its state is one of that version, and that it is closed only in a state where the version
    ends, is a foreign key over (process, version, state, is_closed); see `0002_guards.sql`.
    `starts` and `ends` are the times agreed; what is blocked stands in its commitments.
    """

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
    listing = models.ForeignKey(
        Listing, models.PROTECT, null=True, related_name="agreements", verbose_name="글"
    )
    asset = models.ForeignKey(
        Asset, models.PROTECT, null=True, related_name="agreements", verbose_name="자원"
    )
    starts = models.DateTimeField("하기로 한 때", null=True)
    ends = models.DateTimeField("끝내기로 한 때", null=True)
    terms = models.JSONField("내용")
    opened_at = models.DateTimeField("시작 시각")
    entered_at = models.DateTimeField("상태가 된 시각")
    closed_at = models.DateTimeField("끝난 시각", null=True)
    is_closed = models.GeneratedField(
        expression=ExpressionWrapper(Q(closed_at__isnull=False), models.BooleanField()),
        output_field=models.BooleanField("끝남"),
        db_persist=True,
    )
    external_ref = models.CharField("바깥 번호", max_length=80, null=True)
    external_digest = models.CharField("바깥 내용 해시", max_length=64, null=True)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "약속"
        constraints = (
            models.UniqueConstraint(
                fields=("process", "external_ref"), name="agreement_came_in_once"
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False)
                | Q(external_ref__isnull=False)
                | Q(listing__isnull=False)
                | Q(asset__isnull=False),
                name="agreement_has_a_host_or_a_source",
            ),
            models.CheckConstraint(
                condition=Q(external_ref__isnull=True, external_digest__isnull=True)
                | Q(external_ref__isnull=False, external_digest__isnull=False),
                name="agreement_from_outside_keeps_its_content_hash",
            ),
            models.CheckConstraint(
                condition=Q(starts__isnull=True, ends__isnull=True) | Q(ends__gt=F("starts")),
                name="agreement_ends_after_it_starts",
            ),
        )
        indexes = (
            models.Index(
                fields=("process", "state", "entered_at"),
                condition=Q(closed_at__isnull=True),
                name="agreement_open_by_state",
            ),
        )

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Cases of the organisations and districts an actor hosts, those at the events that she
        helps at, one's own, and those in which an organisation that she hosts is a party."""
        if actor.kind is ActorKind.ANONYMOUS:
            return Q(pk__in=[])
        found = hosted_q(actor, HOSTING)
        if found:
            found |= Q(process__in=HELPED) & hosted_q(actor, HELPING)
        if found and actor.kind is ActorKind.PERSON:
            mine = Q(person=actor.behalf)
            ours = {scope for role in HOSTING for scope in actor.scope_ids(role, "organisation")}
            if ours:
                mine |= Q(organisation__in=ours)
            found |= Q(pk__in=Party.rows.filter(mine).values("agreement_id"))
        return found


class Party(DomainModel):
    """A person or an organisation in a role of a case; the host is the case's organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="parties")
    role = models.CharField("역할", max_length=20)
    person = models.UUIDField("사람", null=True)
    organisation = models.ForeignKey(
        "registry.Organisation", models.PROTECT, null=True, related_name="+", verbose_name="조직"
    )
    acted_for = models.UUIDField("대신한 사람", null=True)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "당사자"
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "role", "person", "organisation"),
                name="party_holds_a_role_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation__isnull=True)
                | Q(person__isnull=True, organisation__isnull=False),
                name="party_is_a_person_or_an_organisation",
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
        REVIEW = "review", "후기"
        REPLY = "reply", "후기에 답함"
        OBJECT = "object", "후기에 이의"
        RULING = "ruling", "이의를 정함"
        INSPECT = "inspect", "살펴봄"
        NOTE = "note", "메모"
        SHOWN = "shown", "코드 보임"
        PHOTO = "photo", "사진"

    seq = models.BigAutoField(primary_key=True)
    uid = models.UUIDField("이름표", default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="attestations")
    by = models.UUIDField("누가", null=True)
    acted_for = models.UUIDField("대신한 사람", null=True)
    role = models.CharField("역할", max_length=20)
    transition = models.CharField("옮김", max_length=20, blank=True, default="", db_default="")
    kind = models.CharField("종류", max_length=8, choices=Kind.choices)
    value = models.JSONField("값")
    made_at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "확인"
        constraints = (models.UniqueConstraint(fields=("uid",), name="attestation_uid_once"),)
        indexes = (
            models.Index(
                KeyTextTransform("of", "value"),
                condition=Q(kind="review"),
                name="review_by_person",
            ),
        )


class Timer(DomainModel):
    """When time moves a case; may fire twice or late, the state decides.

    `refusal` is why the case could not be moved last time: its code, and its sentence in both
    languages as the desk tells it.
    """

    id = models.BigAutoField(primary_key=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="timers")
    transition = models.CharField("옮김", max_length=20)
    due_at = models.DateTimeField("때")
    fired_at = models.DateTimeField("울린 때", null=True)
    refusal = models.JSONField("옮기지 못한 까닭", null=True)
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

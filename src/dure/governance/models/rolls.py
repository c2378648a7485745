"""Rolls: the frozen lists of who may vote, their hash published."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from dure.core.actors import ActorKind, Role
from dure.core.models import AppendOnlyModel, DomainModel

if TYPE_CHECKING:
    from dure.core.actors import Actor


class Roll(DomainModel):
    """Who may vote on one matter, as of one day; a draft until sealed, then never changed."""

    class State(models.TextChoices):
        DRAFT = "draft", "열람 중"
        SEALED = "sealed", "확정"
        DROPPED = "dropped", "버림"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject_kind = models.CharField("무엇의", max_length=40)
    subject_id = models.UUIDField("무엇의 번호")
    district = models.ForeignKey(
        "registry.District", models.PROTECT, related_name="+", verbose_name="자치구"
    )
    organisation = models.ForeignKey(
        "registry.Organisation", models.PROTECT, null=True, related_name="+", verbose_name="조직"
    )
    rule = models.JSONField("명부 규칙")
    as_of = models.DateField("기준일")
    state = models.CharField("상태", max_length=7, choices=State.choices, default=State.DRAFT)
    drafted_at = models.DateTimeField("만든 시각")
    objections_until = models.DateTimeField("이의 기한")
    sealed_at = models.DateTimeField("확정 시각", null=True)
    sha256 = models.CharField("해시", max_length=64, null=True)
    voting_count = models.IntegerField("투표할 사람 수", default=0)
    unknown_count = models.IntegerField("나이를 확인하지 못한 사람 수", default=0)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name="바로잡는 명부"
    )
    replaces_why = models.CharField("바로잡는 까닭", max_length=500, blank=True, default="")
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "명부"
        constraints = (
            models.CheckConstraint(
                condition=Q(state="sealed", sealed_at__isnull=False, sha256__isnull=False)
                | Q(~Q(state="sealed"), sealed_at__isnull=True, sha256__isnull=True),
                name="roll_is_hashed_when_sealed",
            ),
            models.CheckConstraint(
                condition=Q(sha256__isnull=True) | Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="roll_hash_is_sha256",
            ),
            models.CheckConstraint(
                condition=Q(objections_until__gte=F("drafted_at")),
                name="roll_objections_end_after_the_draft",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces_why=""),
                name="roll_that_corrects_says_why",
            ),
            ExclusionConstraint(
                name="roll_one_draft_a_matter",
                expressions=(
                    ("subject_kind", RangeOperators.EQUAL),
                    ("subject_id", RangeOperators.EQUAL),
                ),
                condition=Q(state="draft"),
            ),
        )

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Rolls of the districts and organisations an actor works for; the hash is public."""
        if actor.kind in (ActorKind.OPERATOR, ActorKind.TIMER):
            return Q(pk__isnull=False)
        found = Q(pk__in=[])
        for role in (Role.STAFF, Role.OFFICIAL, Role.AUDITOR):
            if actor.scope_ids(role, "city"):
                return Q(pk__isnull=False)
            found |= Q(district_id__in=actor.scope_ids(role, "district"), organisation=None)
        for role in (Role.STAFF, Role.BOARD, Role.AUDITOR):
            found |= Q(organisation_id__in=actor.scope_ids(role, "organisation"))
        return found


class RollEntry(DomainModel):
    """One person on a roll. The token is keyed by roll: lists of two rolls cannot be joined."""

    class Standing(models.TextChoices):
        VOTING = "voting", "투표"
        PRESENT_ONLY = "present_only", "참석만"
        RECUSED = "recused", "제척"

    class Ground(models.TextChoices):
        HOME = "home", "거주"
        WORKS_IN = "works_in", "일터"
        STUDIES_IN = "studies_in", "배움터"
        MEMBER = "member", "조합원"
        OBJECTION = "objection", "이의로 올림"
        SYNTHETIC = "synthetic", "가상"

    id = models.BigAutoField(primary_key=True)
    roll = models.ForeignKey(Roll, models.PROTECT, related_name="entries", verbose_name="명부")
    person = models.UUIDField("사람")
    token = models.CharField("표시", max_length=64)
    weight = models.IntegerField("표의 무게", default=1)
    standing = models.CharField("자격", max_length=12, choices=Standing.choices)
    ground = models.CharField("근거", max_length=10, choices=Ground.choices)
    part = models.CharField("행정동", max_length=10, blank=True, default="")
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "명부의 사람"
        constraints = (
            models.UniqueConstraint(fields=("roll", "person"), name="rollentry_person_once"),
            models.UniqueConstraint(fields=("roll", "token"), name="rollentry_token_once"),
            models.CheckConstraint(
                condition=Q(("token__regex", r"^[0-9a-f]{64}$")),
                name="rollentry_token_is_keyed_hash",
            ),
            models.CheckConstraint(condition=Q(weight=1), name="rollentry_one_person_one_vote"),
        )
        indexes = (models.Index(fields=("person",), name="rollentry_by_person"),)

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Only one's own line."""
        return Q(person=actor.id) if actor.id else Q(pk__in=[])


class RollObjection(AppendOnlyModel):
    """What a person objected to on a draft, or what was decided on an earlier objection."""

    class Kind(models.TextChoices):
        MISSING = "missing", "빠졌어요"
        WRONG_PART = "wrong_part", "동이 달라요"
        REMOVE = "remove", "빼 주세요"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    roll = models.ForeignKey(Roll, models.PROTECT, related_name="objections", verbose_name="명부")
    person = models.UUIDField("누구의")
    kind = models.CharField("종류", max_length=10, choices=Kind.choices)
    text = models.CharField("내용", max_length=2000)
    decides = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="decision", verbose_name="답하는 이의"
    )
    granted = models.BooleanField("받아들임", null=True)
    by = models.UUIDField("누가")
    at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "명부 이의"
        constraints = (
            models.CheckConstraint(
                condition=Q(decides__isnull=True, granted__isnull=True)
                | Q(decides__isnull=False, granted__isnull=False),
                name="rollobjection_is_asked_or_decided",
            ),
            models.UniqueConstraint(
                fields=("roll", "person", "kind"),
                condition=Q(decides__isnull=True),
                name="rollobjection_once_a_kind",
            ),
        )

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """One's own objections; the desk asks by roll."""
        return Q(person=actor.id) if actor.id else Q(pk__in=[])

"""Mandates: role, scope and time, given by somebody else."""

from __future__ import annotations

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from dure.core.actors import Actor, Role

from .people import Person
from .rows import RegistryRow


class Mandate(RegistryRow):
    """A role in a scope over [from, to), instants of the database clock.

    `scope_id` is an organisation's or person's id as canonical text, a gu code, a purpose code, or
    `*` for the city and the installation.
    """

    class Role(models.TextChoices):
        STAFF = "staff", "센터 직원"
        TREASURER = "treasurer", "회계 담당"
        APPROVER = "approver", "승인 담당"
        BOARD = "board", "이사"
        AUDITOR = "auditor", "감사"
        ETHICS = "ethics", "윤리위원"
        OFFICIAL = "official", "공무원"
        ANALYST = "analyst", "분석가"
        VAULT = "vault", "금고 담당"
        OPERATOR = "operator", "운영자"
        CONTACT = "contact", "연락 담당"
        ACTS_FOR = "acts_for", "대신하는 사람"

    class Scope(models.TextChoices):
        ORGANISATION = "organisation", "조직"
        DISTRICT = "district", "자치구"
        CITY = "city", "시 전체"
        PURPOSE = "purpose", "목적"
        PERSON = "person", "한 사람"
        INSTALLATION = "installation", "이 설치"

    class Origin(models.TextChoices):
        ELECTED = "elected", "선출"
        BY_ELECTION = "by_election", "보궐 선출"
        EX_OFFICIO = "ex_officio", "당연직"
        APPOINTED = "appointed", "임명"
        ACTING = "acting", "직무 대행"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="mandates")
    role = models.CharField("역할", max_length=10, choices=Role.choices)
    scope_kind = models.CharField("범위", max_length=12, choices=Scope.choices)
    scope_id = models.CharField("범위 대상", max_length=40)
    valid = DateTimeRangeField("기간")
    given_by = models.UUIDField("준 사람", null=True)
    given_at = models.DateTimeField("준 시각")
    origin = models.CharField("유래", max_length=11, choices=Origin.choices, default="appointed")
    seat = models.UUIDField("자리", null=True)
    motion = models.UUIDField("의결", null=True)
    ended_why = models.CharField("끝난 까닭", max_length=500, blank=True, default="")

    class Meta(RegistryRow.Meta):
        verbose_name = "위임·직책"
        constraints = (
            models.CheckConstraint(
                condition=Q(given_by__isnull=True) | ~Q(given_by=F("person")),
                name="mandate_is_given_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(valid__startswith__isnull=False) | Q(valid__isempty=True),
                name="mandate_begins_on_an_instant",
            ),
            ExclusionConstraint(
                name="mandate_held_once_at_a_time",
                expressions=(
                    ("person", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("scope_kind", RangeOperators.EQUAL),
                    ("scope_id", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ),
            ),
        )
        indexes = (models.Index(fields=("scope_kind", "scope_id"), name="mandate_scope"),)

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """One's own, and those of the scopes in which one holds a mandate."""
        found = Q(person=actor.id) if actor.id else Q(pk__in=[])
        for grant in actor.grants:
            if grant.role not in (Role.RESIDENT, Role.MEMBER):
                if grant.scope_kind == "city":
                    return Q(pk__isnull=False)
                found |= Q(scope_kind=grant.scope_kind, scope_id=grant.scope_id)
        return found


class MandatePair(RegistryRow):
    """One side of one pair of incompatible roles; rows are kept by a trigger on mandates."""

    id = models.BigAutoField(primary_key=True)
    mandate = models.ForeignKey(Mandate, models.CASCADE, related_name="pairs")
    person = models.UUIDField("사람")
    scope = models.CharField("범위", max_length=60)
    pair = models.SmallIntegerField("짝")
    side = models.SmallIntegerField("쪽")
    valid = DateTimeRangeField("기간")

    class Meta(RegistryRow.Meta):
        verbose_name = "겸할 수 없는 직책"
        constraints = (
            ExclusionConstraint(
                name="mandatepair_roles_are_not_held_together",
                expressions=(
                    ("person", RangeOperators.EQUAL),
                    ("scope", RangeOperators.EQUAL),
                    ("pair", RangeOperators.EQUAL),
                    ("side", RangeOperators.NOT_EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ),
            ),
        )

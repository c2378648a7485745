"""People and their ties to organisations. A person is a random id and nothing else."""

from __future__ import annotations

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from dure.core.actors import Actor

from .organisations import Organisation
from .rows import RegistryFact, RegistryRow


class Person(RegistryRow):
    """Somebody. No name, birth, sex or address stands here."""

    class State(models.TextChoices):
        INVITED = "invited", "초대됨"
        ACTIVE = "active", "쓰는 중"
        PAUSED = "paused", "쉬는 중"
        ERASED = "erased", "지워짐"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField("상태", max_length=8, choices=State.choices, default="invited")
    created_by = models.UUIDField("만든 사람", null=True)
    created_at = models.DateTimeField("만든 시각")

    class Meta(RegistryRow.Meta):
        verbose_name = "사람"

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Only oneself."""
        return Q(pk=actor.id) if actor.id else Q(pk__in=[])


class PersonFact(RegistryRow):
    """One derived, dated fact of a person that a purpose needs; deleted when the purpose ends."""

    class Kind(models.TextChoices):
        HOME = "home", "사는 자치구"
        DONG = "dong", "사는 행정동"
        AGE_MIN = "age_min", "나이 기준을 넘음"
        AGE_BAND = "age_band", "연령대"
        SEX = "sex", "성별"
        WORKS_IN = "works_in", "일하는 자치구"
        STUDIES_IN = "studies_in", "공부하는 자치구"

    class Source(models.TextChoices):
        VAULT = "vault", "신원 금고"
        DOCUMENT = "document", "서류"
        STATED = "stated", "본인 말"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="facts")
    kind = models.CharField("종류", max_length=10, choices=Kind.choices)
    value = models.CharField("값", max_length=20)
    purpose = models.CharField("목적", max_length=40, default="register")
    source = models.CharField("출처", max_length=8, choices=Source.choices, default="stated")
    derived_at = models.DateTimeField("얻은 시각")
    valid = DateRangeField("기간")

    class Meta(RegistryRow.Meta):
        verbose_name = "사람 정보"
        constraints = (
            ExclusionConstraint(
                name="personfact_one_home_a_day",
                expressions=(
                    ("person", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ),
                condition=Q(kind="home"),
            ),
        )


class Household(RegistryRow):
    """Persons who share one membership of one co-operative."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="households")
    voting_person = models.ForeignKey(Person, models.PROTECT, verbose_name="투표하는 사람")
    valid = DateRangeField("기간")

    class Meta(RegistryRow.Meta):
        verbose_name = "조합 가구"
        constraints = (
            ExclusionConstraint(
                name="household_one_a_person_organisation_and_day",
                expressions=(
                    ("organisation", RangeOperators.EQUAL),
                    ("voting_person", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ),
            ),
        )


class Membership(RegistryRow):
    """A dated tie of a person, or of an organisation, to an organisation.

    A membership whose member is an organisation is a federation edge; a trigger keeps the edges of
    any one day free of cycles.
    """

    class Class(models.TextChoices):
        CONSUMER = "consumer", "소비자 조합원"
        PRODUCER = "producer", "생산자 조합원"
        WORKER = "worker", "직원 조합원"
        SUPPORTER = "supporter", "후원자 조합원"
        PREFERRED = "preferred", "우선출자자"
        FEDERATED = "federated", "회원 조직"

    class State(models.TextChoices):
        APPLIED = "applied", "신청함"
        ADMITTED = "admitted", "조합원"
        REFUSED = "refused", "받지 않음"
        WITHDRAWN = "withdrawn", "신청을 거둠"
        LEFT = "left", "탈퇴"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="memberships")
    member = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        related_name="federations",
        verbose_name="회원 조직",
    )
    member_class = models.CharField("조합원 종류", max_length=10, choices=Class.choices)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="members")
    state = models.CharField("상태", max_length=10, choices=State.choices, default="applied")
    applied_at = models.DateTimeField("신청 시각")
    admitted_by = models.UUIDField("받아들인 사람", null=True)
    valid = DateRangeField("기간", null=True)

    class Meta(RegistryRow.Meta):
        verbose_name = "조합원 자격"
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=True, member__isnull=False)
                | Q(person__isnull=False, member__isnull=True),
                name="membership_has_exactly_one_member",
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=True) | ~Q(member=F("organisation")),
                name="membership_of_itself_is_none",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("admitted", "left"), valid__isnull=False)
                | Q(state__in=("applied", "refused", "withdrawn"), valid__isnull=True),
                name="membership_is_dated_once_admitted",
            ),
            ExclusionConstraint(
                name="membership_of_a_person_is_one_a_day",
                expressions=(
                    ("organisation", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ),
            ),
            ExclusionConstraint(
                name="membership_of_an_organisation_is_one_a_day",
                expressions=(
                    ("organisation", RangeOperators.EQUAL),
                    ("member", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ),
            ),
            models.UniqueConstraint(
                fields=("organisation", "person"),
                condition=Q(state="applied", person__isnull=False),
                name="membership_of_a_person_is_asked_for_once",
            ),
            models.UniqueConstraint(
                fields=("organisation", "member"),
                condition=Q(state="applied", member__isnull=False),
                name="membership_of_an_organisation_is_asked_for_once",
            ),
        )


class Standing(RegistryRow):
    """Whether a membership is good, in arrears or suspended, dated; set by the rooms above."""

    class Standing(models.TextChoices):
        GOOD = "good", "정상"
        ARREARS = "arrears", "체납"
        SUSPENDED = "suspended", "정지"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="standings")
    standing = models.CharField("자격 상태", max_length=10, choices=Standing.choices)
    cause = models.UUIDField("까닭", null=True)
    valid = DateRangeField("기간")

    class Meta(RegistryRow.Meta):
        verbose_name = "자격 상태"
        constraints = (
            ExclusionConstraint(
                name="standing_one_a_day",
                expressions=(
                    ("membership", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ),
            ),
        )


class Tie(RegistryFact):
    """A tie between a person and a party that may colour a decision; it ends by a second row."""

    class Kind(models.TextChoices):
        OWNER = "owner", "소유"
        OFFICER = "officer", "임원"
        EMPLOYEE = "employee", "고용"
        FAMILY = "family", "가족"
        CREDITOR = "creditor", "채권·채무"
        OTHER = "other", "그 밖"

    class Source(models.TextChoices):
        DECLARED = "declared", "본인 신고"
        REGISTRY = "registry", "등록부"
        FOUND = "found", "나중에 드러남"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="ties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="ties")
    other_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="tied_by")
    kind = models.CharField("관계", max_length=8, choices=Kind.choices)
    source = models.CharField("출처", max_length=8, choices=Source.choices, default="declared")
    declared_at = models.DateTimeField("신고 시각")
    ends = models.OneToOneField("self", models.PROTECT, null=True, verbose_name="끝내는 관계")

    class Meta(RegistryFact.Meta):
        verbose_name = "이해관계"
        constraints = (
            models.CheckConstraint(
                condition=Q(organisation__isnull=True, other_person__isnull=False)
                | Q(organisation__isnull=False, other_person__isnull=True),
                name="tie_has_exactly_one_party",
            ),
            models.CheckConstraint(
                condition=Q(other_person__isnull=True) | ~Q(other_person=F("person")),
                name="tie_to_oneself_is_none",
            ),
        )

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Only what one declared oneself."""
        return Q(person=actor.id) if actor.id else Q(pk__in=[])

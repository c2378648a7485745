"""Organisations: the entity, its numbers, names, sites and office lines."""

from __future__ import annotations

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from dure.core.actors import Actor

from .places import District
from .rows import RegistryRow


def end_of_valid(when: str = "true") -> Func:
    """The day after the last of `valid`, infinity where it is open; NULL where no day is meant.

    Two ranges that share no day have different ends, so a b-tree keeps an open row single; what
    is closed lies in an exclusion constraint, and `registry_no_day_twice` keeps both apart.
    """
    template = (
        f"(CASE WHEN {when} THEN coalesce(upper(valid),"
        " CASE WHEN upper_inf(valid) THEN 'infinity'::date END) END)"
    )
    return Func(template=template, output_field=models.DateField())


CLOSED = Q(valid__upper_inf=False)


class Organisation(RegistryRow):
    """One legal entity (or unincorporated group), once.

    `name_key`, `jamo_keys` and `initials_keys` come from `dure.registry.naming`, of all names
    the organisation bears or bore; whoever writes a name writes them in the same action.
    """

    class Form(models.TextChoices):
        CORPORATION = "corporation", "법인"
        ASSOCIATION = "association", "임의단체"
        SOLE_TRADER = "sole_trader", "개인사업자"
        PUBLIC_BODY = "public_body", "공공기관"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("이름", max_length=100)
    name_en = models.CharField("영문 이름", max_length=100, blank=True, default="")
    name_key = models.TextField("정렬 열쇠", default="", db_collation="C")
    jamo_keys = models.TextField("자모 열쇠", default="")
    initials_keys = models.TextField("초성 열쇠", default="")
    form = models.CharField("법적 형태", max_length=12, choices=Form.choices)
    founded_on = models.DateField("설립일", null=True)
    ended_on = models.DateField("종료일", null=True)
    district = models.ForeignKey(
        District, models.PROTECT, db_index=False, verbose_name="본점 자치구"
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="merged",
        verbose_name="합쳐진 조직",
    )
    annulled = models.BooleanField("등록 무효", default=False)
    created_at = models.DateTimeField("등록 시각")

    class Meta(RegistryRow.Meta):
        verbose_name = "조직"
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | Q(founded_on__isnull=True)
                | Q(ended_on__gte=F("founded_on")),
                name="organisation_ends_after_it_was_founded",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="organisation_is_not_merged_into_itself",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="organisation_has_a_name"),
        )
        indexes = (
            models.Index(fields=("name_key", "id"), name="organisation_by_name"),
            models.Index(fields=("district", "name_key", "id"), name="organisation_by_gu_name"),
            models.Index(
                fields=("merged_into",),
                condition=Q(merged_into__isnull=False),
                name="organisation_by_kept",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """The register is public; annulled registrations are not shown."""
        return Q(annulled=False)


class OrgNumber(RegistryRow):
    """A registration number, dated; the token makes it unique without clear digits."""

    class Scheme(models.TextChoices):
        BUSINESS = "biz", "사업자등록번호"
        CORPORATE = "corp", "법인등록번호"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="numbers")
    scheme = models.CharField("번호 종류", max_length=4, choices=Scheme.choices)
    token = models.BinaryField("번호 토큰", max_length=32)
    digits = models.CharField("번호", max_length=13, null=True)
    valid = DateRangeField("기간")

    class Meta(RegistryRow.Meta):
        verbose_name = "등록 번호"
        constraints = (
            models.UniqueConstraint(
                F("token"),
                end_of_valid(),
                name="orgnumber_belongs_to_one_organisation_a_day_by_end",
            ),
            ExclusionConstraint(
                name="orgnumber_belongs_to_one_organisation_a_day",
                expressions=(
                    ("token", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ),
                condition=CLOSED,
            ),
            models.CheckConstraint(
                condition=Q(digits__isnull=True)
                | Q(scheme="biz", digits__regex=r"^[0-9]{10}$")
                | Q(scheme="corp", digits__regex=r"^[0-9]{13}$"),
                name="orgnumber_has_the_digits_of_its_scheme",
            ),
        )


class OrgName(RegistryRow):
    """A name and the time it was borne; former names are searched too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="names"
    )
    name = models.CharField("이름", max_length=100)
    search_key = models.TextField("검색 열쇠", db_collation="C")
    valid = DateRangeField("기간")

    class Meta(RegistryRow.Meta):
        verbose_name = "조직 이름"
        constraints = (
            models.UniqueConstraint(
                F("organisation"), end_of_valid(), name="orgname_one_name_a_day_by_end"
            ),
            ExclusionConstraint(
                name="orgname_one_name_a_day",
                expressions=(
                    ("organisation", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ),
                condition=CLOSED,
            ),
        )


class Site(RegistryRow):
    """A place where an organisation works; the head office is one site."""

    class Use(models.TextChoices):
        OFFICE = "office", "사무소"
        SHOP = "shop", "매장"
        WORKSHOP = "workshop", "작업장"
        STORE = "store", "창고"
        OTHER = "other", "그 밖"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="sites"
    )
    use = models.CharField("쓰임", max_length=10, choices=Use.choices, default=Use.OFFICE)
    address = models.CharField("주소", max_length=200, blank=True, default="")
    district = models.ForeignKey(District, models.PROTECT, db_index=False, verbose_name="자치구")
    dong = models.CharField("행정동 코드", max_length=10, blank=True, default="")
    latitude_e5 = models.IntegerField("위도(10만분의 1도)", null=True)
    longitude_e5 = models.IntegerField("경도(10만분의 1도)", null=True)
    is_head = models.BooleanField("본점", default=False)
    valid = DateRangeField("기간")

    class Meta(RegistryRow.Meta):
        verbose_name = "사업장"
        constraints = (
            models.UniqueConstraint(
                F("organisation"),
                end_of_valid("is_head"),
                name="site_one_head_office_a_day_by_end",
            ),
            ExclusionConstraint(
                name="site_one_head_office_a_day",
                expressions=(
                    ("organisation", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ),
                condition=Q(is_head=True) & CLOSED,
            ),
            models.CheckConstraint(
                condition=Q(latitude_e5__isnull=True, longitude_e5__isnull=True)
                | Q(
                    latitude_e5__range=(-9_000_000, 9_000_000),
                    longitude_e5__range=(-18_000_000, 18_000_000),
                ),
                name="site_has_both_coordinates_or_none",
            ),
        )


class OrgContact(RegistryRow):
    """An office line; a person as contact is a mandate, name and number lie in the vault."""

    class Kind(models.TextChoices):
        PHONE = "phone", "전화"
        MAIL = "mail", "전자우편"
        WEB = "web", "누리집"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="contacts"
    )
    kind = models.CharField("종류", max_length=5, choices=Kind.choices)
    value = models.CharField("값", max_length=200)
    is_public = models.BooleanField("공개", default=True)

    class Meta(RegistryRow.Meta):
        verbose_name = "조직 연락처"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "kind", "value"), name="orgcontact_is_held_once"
            ),
        )

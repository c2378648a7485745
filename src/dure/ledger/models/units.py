"""Units and books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from dure.core.actors import ActorKind, Role
from dure.core.models import DomainModel

if TYPE_CHECKING:
    from dure.core.actors import Actor

KEEPING = (Role.TREASURER, Role.APPROVER, Role.BOARD, Role.AUDITOR, Role.STAFF)
# trust.md, "books, audit lines, verifiers (no names)": m; in a district m reads as the district.
READING = (Role.TREASURER, Role.APPROVER, Role.BOARD, Role.AUDITOR, Role.ETHICS)
AUDITING = (Role.AUDITOR, Role.ETHICS)


def read_q(actor: Actor, prefix: str = "") -> Q:
    """Rows of books that `actor` may read as a whole: of an organisation, or of a district."""
    if actor.kind is ActorKind.OPERATOR:
        return Q(pk__isnull=False)
    if any(actor.scope_ids(role, "city") for role in AUDITING):
        return Q(pk__isnull=False)
    organisations = {scope for role in READING for scope in actor.scope_ids(role, "organisation")}
    districts = {scope for role in AUDITING for scope in actor.scope_ids(role, "district")}
    return Q(**{f"{prefix}organisation_id__in": organisations}) | Q(
        **{f"{prefix}district__in": districts}
    )


def kept_q(actor: Actor, prefix: str = "", public: Q | None = None) -> Q:
    """Rows of books whose organisation or district gives `actor` a role; the operator: all.

    `public` narrows what a district's role alone lets see: a member's own account is not of it.
    """
    if actor.kind in (ActorKind.OPERATOR, ActorKind.TIMER):
        return Q(pk__isnull=False)
    organisations = {scope for role in KEEPING for scope in actor.scope_ids(role, "organisation")}
    districts = {
        scope for role in (Role.STAFF, Role.OFFICIAL) for scope in actor.scope_ids(role, "district")
    }
    of_city = actor.scope_ids(Role.STAFF, "city") or actor.scope_ids(Role.OFFICIAL, "city")
    near = Q(pk__isnull=False) if of_city else Q(**{f"{prefix}district__in": districts})
    narrowed = near & public if public is not None else near
    own = Q(**{f"{prefix}organisation_id__in": organisations}) | narrowed
    return own | read_q(actor, prefix)


class Unit(DomainModel):
    """What is counted, in whole minor units."""

    class Kind(models.TextChoices):
        MONEY = "money", "돈"
        TIME = "time", "시간"
        VOUCHER = "voucher", "바우처"
        ENERGY = "energy", "에너지"
        CARBON = "carbon", "탄소"
        PRIVACY = "privacy", "공개 예산"

    id = models.SmallIntegerField("번호", primary_key=True)
    code = models.CharField("부호", max_length=6, unique=True)
    scale = models.SmallIntegerField("소수 자리", default=0)
    kind = models.CharField("종류", max_length=8, choices=Kind.choices)
    transferable = models.BooleanField("옮길 수 있음", default=True)
    step = models.BigIntegerField("최소 단위", default=1)
    ko = models.CharField("이름", max_length=40)
    en = models.CharField("영문 이름", max_length=40)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "단위"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=Q(step__gte=1), name="unit_step_is_positive"),
            models.CheckConstraint(
                condition=Q(scale__gte=0, scale__lte=9), name="unit_scale_is_small"
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z0-9]{2,6}$"), name="unit_code_is_plain"
            ),
        )

    def __str__(self) -> str:
        return self.ko


class Book(DomainModel):
    """The accounts of one organisation or one currency community."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(
        "registry.Organisation", models.PROTECT, related_name="+", verbose_name="조직"
    )
    district = models.CharField("자치구", max_length=5)
    name = models.CharField("이름", max_length=100)
    closed_through = models.DateField("마감한 날", null=True)
    opened_at = models.DateTimeField("연 시각")
    audit = models.UUIDField("감사 기록")

    # `closed_through` moves by ledger_close() alone, and never back.
    database_grants = ("SELECT", "INSERT", "UPDATE (name, audit)")

    class Meta(DomainModel.Meta):
        verbose_name = "장부"
        constraints = (
            models.UniqueConstraint(fields=("organisation", "name"), name="book_name_once"),
            models.CheckConstraint(
                condition=Q(district__regex=r"^[0-9]{5}$"), name="book_district_is_a_code"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Books of the organisations and districts an actor works for."""
        return kept_q(actor)

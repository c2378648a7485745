"""Pools: what is settled together: an event, a cycle, a month; claims: who asked for how much."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from dure.core.models import DomainModel

from .assets import Asset
from .places import HELPING, hosted_q
from .specs import Spec

if TYPE_CHECKING:
    from dure.core.actors import Actor


class Pool(DomainModel):
    """One event, cycle or round. A repair event is of kind event_queue.

    The products of an order cycle are pools below it (`parent`), each with its own estate, lot
    and producer's stock. A run is immutable: a rerun is a new row that names the old (`rerun_of`).
    """

    class State(models.TextChoices):
        OPEN = "open", "열림"
        CLOSED = "closed", "마감"
        AWARDED = "awarded", "나눔 끝"
        SETTLED = "settled", "정산 끝"
        REPLACED = "replaced", "다시 함"

    class Kind(models.TextChoices):
        ORDER_CYCLE = "order_cycle", "주문 회차"
        SETTLEMENT_MONTH = "settlement_month", "정산 달"
        CLEARING_ROUND = "clearing_round", "교환 회차"
        EVENT_QUEUE = "event_queue", "모임"
        HOME_OFFER = "home_offer", "입주 모집"
        FUND_CALL = "fund_call", "기금 공모"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("종류", max_length=16, choices=Kind.choices)
    organisation = models.ForeignKey(
        "registry.Organisation",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="여는 조직",
    )
    district = models.ForeignKey(
        "registry.District", models.PROTECT, related_name="+", verbose_name="자치구"
    )
    title = models.CharField("이름", max_length=200)
    place = models.CharField("곳", max_length=200, blank=True, default="")
    opens = models.DateTimeField("시작")
    closes = models.DateTimeField("끝")
    provider = models.CharField("자료를 준 곳", max_length=200, blank=True, default="")
    country = models.CharField("나라", max_length=3, default="KOR", blank=True)
    external_ref = models.CharField("바깥 번호", max_length=300, null=True)
    state = models.CharField("상태", max_length=8, choices=State.choices, default=State.OPEN)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="parts", verbose_name="윗 모음"
    )
    rerun_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="rerun", verbose_name="다시 한 모음"
    )
    spec = models.ForeignKey(
        Spec, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="품목"
    )
    asset = models.ForeignKey(
        Asset, models.PROTECT, null=True, related_name="pools", verbose_name="자원"
    )
    pickup = models.DateTimeField("찾아가는 때", null=True)
    estate = models.BigIntegerField("나눌 양", null=True)
    unit = models.CharField("단위", max_length=6, blank=True, default="")
    lot = models.BigIntegerField("묶음 크기", default=1)
    price = models.BigIntegerField("값(원)", null=True)
    rule_key = models.CharField("나누는 규칙", max_length=80, blank=True, default="")
    rule_version = models.UUIDField("규칙 판", null=True)
    tie_salt = models.BinaryField("가름 씨앗", max_length=32, null=True)
    tie_commitment = models.CharField("가름 씨앗의 해시", max_length=64, blank=True, default="")
    input_hash = models.CharField("입력 해시", max_length=64, blank=True, default="")
    terms = models.JSONField("조건", default=dict)
    cancelled = models.BooleanField("취소됨", default=False)
    is_synthetic = models.BooleanField("가상 자료", default=False)
    created_at = models.DateTimeField("만든 시각")
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "모음"
        constraints = (
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")), name="pool_closes_after_it_opens"
            ),
            models.UniqueConstraint(fields=("kind", "external_ref"), name="pool_came_in_once"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(external_ref__isnull=False),
                name="pool_has_a_host_or_a_source",
            ),
            models.CheckConstraint(
                condition=Q(estate__isnull=True) | Q(estate__gte=0), name="pool_estate_is_not_less"
            ),
            models.CheckConstraint(condition=Q(lot__gte=1), name="pool_lot_is_positive"),
        )
        indexes = (
            models.Index(fields=("kind", "district", "-opens"), name="pool_by_place_and_time"),
        )

    def __str__(self) -> str:
        return self.title

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Pools that an actor runs or helps at; that an event takes place is public anyway."""
        return hosted_q(actor, HELPING)

"""Listings: offers and requests; matches: scored pairings of them, with reasons."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q

from dure.core.actors import ActorKind
from dure.core.models import DomainModel

from .assets import Asset
from .places import HOSTING, Placed, audience_q, hosted_q
from .specs import Spec

if TYPE_CHECKING:
    from dure.core.actors import Actor


class Listing(Placed):
    """An offer or a request of a person (or of the organisation itself), open to an audience."""

    class Side(models.TextChoices):
        OFFER = "offer", "나눔"
        REQUEST = "request", "요청"

    class Reciprocity(models.TextChoices):
        GIFT = "gift", "그냥 나눔"
        HOURS = "hours", "시간"
        WON = "won", "원"
        VOUCHER = "voucher", "상품권"
        SWAP = "swap", "물물 나눔"

    class State(models.TextChoices):
        OPEN = "open", "열림"
        CHECK = "check", "살펴보는 중"
        PAUSED = "paused", "쉼"
        CLOSED = "closed", "닫힘"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    side = models.CharField("쪽", max_length=7, choices=Side.choices)
    person = models.UUIDField("올린 사람", null=True)
    spec = models.ForeignKey(
        Spec, models.PROTECT, null=True, related_name="listings", verbose_name="품목·기술"
    )
    asset = models.ForeignKey(
        Asset, models.PROTECT, null=True, related_name="listings", verbose_name="자원"
    )
    title = models.CharField("제목", max_length=200)
    text = models.CharField("글", max_length=2000, blank=True, default="")
    search_key = models.CharField("찾기 열쇠", max_length=400, default="")
    qty_min = models.BigIntegerField("가장 적게", default=1)
    qty_max = models.BigIntegerField("가장 많이", default=1)
    unit = models.CharField("단위", max_length=6, default="C62")
    window = DateTimeRangeField("때", null=True)
    to_place = models.CharField("가는 곳", max_length=200, blank=True, default="")
    to_latitude_e5 = models.IntegerField("가는 곳 위도", null=True)
    to_longitude_e5 = models.IntegerField("가는 곳 경도", null=True)
    reciprocity = models.CharField("주고받음", max_length=7, choices=Reciprocity.choices)
    rate = models.BigIntegerField("단위마다", null=True)
    terms = models.JSONField("조건", default=dict)
    state = models.CharField("상태", max_length=6, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField("올린 시각")
    closed_at = models.DateTimeField("닫은 시각", null=True)
    audit = models.UUIDField("감사 기록")

    class Meta(Placed.Meta):
        verbose_name = "나눔·요청 글"
        constraints = (
            models.CheckConstraint(
                condition=Q(qty_min__gte=1, qty_max__gte=F("qty_min")),
                name="listing_quantity_in_order",
            ),
            models.CheckConstraint(
                condition=Q(reciprocity__in=("gift", "swap"), rate__isnull=True)
                | Q(reciprocity__in=("hours", "won", "voucher"), rate__gte=0),
                name="listing_rate_only_where_something_is_given_back",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(organisation__isnull=False),
                name="listing_is_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="listing_is_closed_with_its_time",
            ),
        )
        indexes = (
            models.Index(
                fields=("district", "side", "-created_at", "id"),
                condition=Q(state="open"),
                name="listing_open_by_place",
            ),
            models.Index(fields=("person",), name="listing_by_person"),
        )

    def __str__(self) -> str:
        return self.title

    @classmethod
    def mine_q(cls, actor: Actor) -> Q:
        """One's own, and those of the organisations and districts one hosts."""
        found = hosted_q(actor, HOSTING)
        if found and actor.behalf is not None:
            found |= Q(person=actor.behalf)
        return found

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """One's own, and the open ones whose audience the actor belongs to; a place in the
        waiting list of a thing is nobody else's to see."""
        mine = cls.mine_q(actor)
        told = Q(state="open") & (Q(side="offer") | Q(asset__isnull=True))
        return mine and (mine | (audience_q(actor) & told))


class Match(DomainModel):
    """A scored pairing with its reasons; made by a run or by a freed lane, accepted by people."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "제안"
        HELD = "held", "맡아 둠"
        ACCEPTED = "accepted", "받아들임"
        DECLINED = "declined", "사양"
        LAPSED = "lapsed", "지나감"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(Listing, models.PROTECT, related_name="matches_as_request")
    offer = models.ForeignKey(Listing, models.PROTECT, null=True, related_name="matches_as_offer")
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, related_name="matches")
    answered_by = models.UUIDField("하겠다고 한 사람", null=True)
    run = models.UUIDField("셈한 차례")
    rank = models.IntegerField("차례")
    score = models.IntegerField("점수(ppm)")
    reasons = models.JSONField("까닭", default=list)
    rule_version = models.UUIDField("규칙 판", null=True)
    state = models.CharField("상태", max_length=8, choices=State.choices, default=State.PROPOSED)
    held_until = models.DateTimeField("맡아 두는 때까지", null=True)
    slot = DateTimeRangeField("때", null=True)
    made_at = models.DateTimeField("만든 시각")
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "연결 제안"
        constraints = (
            models.UniqueConstraint(
                fields=("run", "request", "offer"), name="match_once_a_run", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=1_000_000), name="match_score_is_ppm"
            ),
            models.CheckConstraint(
                condition=Q(state="held", held_until__isnull=False) | ~Q(state="held"),
                name="match_is_held_until_a_time",
            ),
        )
        indexes = (
            models.Index(
                fields=("held_until",), condition=Q(state="held"), name="match_held_until"
            ),
        )

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Those of one's own listings, and of the communities one works for."""
        if actor.kind is ActorKind.ANONYMOUS:
            return Q(pk__in=[])
        mine = Listing.rows.filter(Listing.mine_q(actor)).values("id")
        return (
            Q(request__in=mine)
            | Q(offer__in=mine)
            | Q(answered_by=actor.behalf or uuid.UUID(int=0))
        )

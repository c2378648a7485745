"""Tokens of the API: a person's key for one purpose, with an end (접근 토큰)."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from dure.core.models.base import DomainModel


class ApiToken(DomainModel):
    """Only the hash of the token stands here; the token itself is shown once and stored nowhere."""

    class Purpose(models.TextChoices):
        READ = "read", "읽기만"
        REGISTRY = "registry", "조직 명부 일"
        EXCHANGE = "exchange", "수리·나눔 일"
        BUDGETING = "budgeting", "주민참여예산 일"
        INDICATORS = "indicators", "지표 일"
        CALENDAR = "calendar", "내 달력 보여 주기"
        ALL = "all", "내가 할 수 있는 모든 일"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.UUIDField("준 사람")
    label = models.CharField("이름", max_length=100)
    purpose = models.CharField("목적", max_length=12, choices=Purpose.choices)
    token_hash = models.CharField("해시", max_length=64, unique=True)
    made_at = models.DateTimeField("만든 시각")
    expires_at = models.DateTimeField("끝나는 시각")
    revoked_at = models.DateTimeField("거둔 시각", null=True)
    assured = models.BooleanField("추가 인증 뒤에 만듦", default=False)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "접근 토큰"
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="token_ends_after_it_began"
            ),
        )
        indexes = (models.Index(fields=("person", "made_at"), name="token_by_person"),)

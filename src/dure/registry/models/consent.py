"""Consent: yes to one version of one purpose, and its proof."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from dure.core.actors import Actor

from .people import Person
from .rows import RegistryFact


class Purpose(RegistryFact):
    """What data are asked for, in words a person can refuse; a change is a new version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField("목적", max_length=40)
    version = models.SmallIntegerField("판")
    name = models.CharField("이름", max_length=100)
    name_en = models.CharField("영문 이름", max_length=100)
    text = models.TextField("설명")
    text_en = models.TextField("영문 설명")
    fields = ArrayField(models.CharField(max_length=40), verbose_name="항목")
    ground = models.CharField("근거", max_length=200)
    keep_until = models.CharField("보관 기한", max_length=200)

    class Meta(RegistryFact.Meta):
        verbose_name = "이용 목적"
        constraints = (
            models.UniqueConstraint(fields=("code", "version"), name="purpose_version_is_one"),
        )


class Consent(RegistryFact):
    """One act of one person about one purpose; the last act counts."""

    class Act(models.TextChoices):
        GIVEN = "given", "동의"
        NARROWED = "narrowed", "범위를 줄임"
        WITHDRAWN = "withdrawn", "거둠"

    class How(models.TextChoices):
        SCREEN = "screen", "화면"
        PAPER = "paper", "종이"
        SPOKEN = "spoken", "말"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="consents")
    act = models.CharField("한 일", max_length=10, choices=Act.choices)
    fields = ArrayField(models.CharField(max_length=40), verbose_name="동의한 항목", default=list)
    how = models.CharField("방법", max_length=6, choices=How.choices)
    witness = models.UUIDField("증인", null=True)
    receipt = models.CharField("확인서 해시", max_length=64)
    at = models.DateTimeField("시각")

    class Meta(RegistryFact.Meta):
        verbose_name = "동의"
        constraints = (
            models.CheckConstraint(
                condition=Q(how="screen", witness__isnull=True)
                | (~Q(how="screen") & Q(witness__isnull=False)),
                name="consent_off_screen_has_a_witness",
            ),
            models.CheckConstraint(
                condition=Q(witness__isnull=True) | ~Q(witness=F("person")),
                name="consent_witness_is_somebody_else",
            ),
        )
        indexes = (models.Index(fields=("person", "purpose", "at"), name="consent_last_act"),)

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Only one's own."""
        return Q(person=actor.id) if actor.id else Q(pk__in=[])

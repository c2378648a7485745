"""Ballots: who voted and what was voted, kept apart (see the urn's SQL).

Who voted stands in the schema `marks`, what was voted while the vote is open in the schema `urn`;
neither is a table of Django's. Here stand the ballots as they are counted.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dure.core.models import AppendOnlyModel

from .calls import Call, Envelope


class MoneyBallot(AppendOnlyModel):
    """One ballot on one envelope, nobody's any more: copied in random order when the vote closed.

    Written by `urn.empty` alone; the application reads it.
    """

    database_grants = ("SELECT",)

    class Channel(models.TextChoices):
        ONLINE = "online", "온라인"
        PAPER = "paper", "종이"

    id = models.BigAutoField(primary_key=True)
    call = models.ForeignKey(Call, models.PROTECT, related_name="ballots", verbose_name="공모")
    envelope = models.ForeignKey(
        Envelope, models.PROTECT, related_name="ballots", verbose_name="재원"
    )
    channel = models.CharField("경로", max_length=6, choices=Channel.choices)
    items = ArrayField(models.CharField(max_length=20), verbose_name="고른 사업")
    points = ArrayField(models.IntegerField(), null=True, verbose_name="점수")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "표"
        indexes = (models.Index(fields=("envelope",), name="moneyballot_by_envelope"),)

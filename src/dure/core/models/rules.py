"""Rulebook tables: rules are data with a source (규칙)."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from dure.core.models.base import AppendOnlyModel, DomainModel


class Rule(DomainModel):
    """One rule by its permanent key, with its words and unit."""

    key = models.CharField(max_length=80, primary_key=True)
    ko = models.TextField()
    en = models.TextField()
    unit = models.CharField(max_length=20)
    room = models.CharField(max_length=20)

    class Meta(DomainModel.Meta):
        verbose_name = "규칙"


class RuleVersion(AppendOnlyModel):
    """One version of a rule: value, days it is valid, source, who adopted it.

    On one day the version that began last decides; of two that began on the same day, the one
    written last. So an old version is never edited, only overtaken.
    """

    seq = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=uuid4)
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="versions")
    scope_kind = models.CharField(max_length=12, default="statute")
    scope_id = models.CharField(max_length=36, default="")
    value = models.JSONField()
    valid = DateRangeField()
    source = models.TextField()
    article = models.CharField(max_length=120, default="")
    status = models.CharField(max_length=20, default="decided")
    adopted_by = models.CharField(max_length=120, default="")
    written_at = models.DateTimeField()
    audit = models.UUIDField()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "규칙 판"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid__startswith__isnull=False, valid__isempty=False),
                name="rule_version_begins_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(scope_kind__in=("statute", "city", "district", "template", "bylaw")),
                name="rule_version_scope_is_known",
            ),
        ]
        indexes = [models.Index(fields=["rule", "scope_kind", "scope_id"], name="rule_by_scope")]

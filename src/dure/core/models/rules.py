"""Rulebook tables: rules are data with a source (규칙)."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

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
    """One version of a rule: value, days it is valid, source, who adopted it."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="versions")
    scope_kind = models.CharField(max_length=12, default="statute")
    scope_id = models.CharField(max_length=36, default="")
    value = models.JSONField()
    valid = DateRangeField()
    source = models.TextField()
    article = models.CharField(max_length=120, default="")
    status = models.CharField(max_length=20, default="decided")
    adopted_by = models.CharField(max_length=120, default="")
    audit = models.UUIDField()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "규칙 판"
        constraints = [
            ExclusionConstraint(
                name="rule_versions_do_not_overlap",
                expressions=[
                    ("rule", RangeOperators.EQUAL),
                    ("scope_kind", RangeOperators.EQUAL),
                    ("scope_id", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

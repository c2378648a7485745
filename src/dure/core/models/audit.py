"""The audit line: one row an action, insert-only (감사 기록)."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from dure.core.models.base import AppendOnlyModel


class AuditLine(AppendOnlyModel):
    """Who did what, on whom, why, from what to what; with key, body hash and result."""

    seq = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=uuid4)
    era = models.SmallIntegerField(default=1)
    batch = models.BigIntegerField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=60, default="")
    acting_for = models.UUIDField(null=True)
    origin = models.CharField(max_length=60)
    request = models.UUIDField(null=True)
    action = models.CharField(max_length=80)
    object = models.CharField(max_length=120, null=True)
    organisation = models.UUIDField(null=True)
    cause = models.UUIDField(null=True)
    approval = models.UUIDField(null=True)
    key = models.CharField(max_length=200, null=True)
    key_actor = models.CharField(max_length=80, null=True)
    key_organisation = models.UUIDField(null=True)
    body_hash = models.CharField(max_length=64, null=True)
    reason = models.CharField(max_length=500, null=True)
    changes = models.JSONField(default=dict)
    rule_versions = models.JSONField(default=list)
    outcome = models.CharField(max_length=90)
    result = models.JSONField(null=True)
    digest = models.BinaryField(max_length=32)

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "감사 기록"
        constraints = [
            models.UniqueConstraint(
                fields=["key_actor", "key_organisation", "action", "key"],
                name="audit_key_used_once",
                condition=models.Q(key__isnull=False),
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["object", "seq"], name="audit_by_object"),
            models.Index(fields=["actor", "seq"], name="audit_by_actor"),
            models.Index(fields=["organisation", "seq"], name="audit_by_organisation"),
        ]

"""Bases of the registry's tables: every row names the audit line that made or last changed it."""

from __future__ import annotations

from django.db import models

from dure.core.models import AppendOnlyModel, DomainModel


class RegistryRow(DomainModel):
    """A row that can change; `audit` is the line that last changed it."""

    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        abstract = True


class RegistryFact(AppendOnlyModel):
    """A row that is written once; `audit` is the line that wrote it."""

    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        abstract = True

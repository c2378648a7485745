"""Bases of domain tables: the door's trigger, append-only protection, scoped managers.

Law: a domain table takes a write only inside a running action of the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

import pgtrigger
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.base import ModelState

if TYPE_CHECKING:
    from dure.core.actors import Actor

M = TypeVar("M", bound=models.Model, covariant=True)


class Door(pgtrigger.Trigger):
    """The door's trigger: `dure_door()` for every table, with nothing that could ignore it."""

    def render_execute(self, model: models.Model) -> str:
        """What it runs, in place of a function of its own."""
        return "dure_door()"


DOOR = Door(
    name="door",
    level=pgtrigger.Statement,
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
    func="RETURN NULL;",
)

APPEND_ONLY = pgtrigger.Trigger(
    name="append_only",
    level=pgtrigger.Statement,
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
    func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';",
)


class UnscopedQuery(RuntimeError):
    """A query that named neither an actor's scope nor its reason to see everything."""


class ScopedManager(models.Manager[M]):
    """The public manager: ``.within(actor)`` or ``.everything(why)``, nothing else."""

    def within(self, actor: Actor) -> QuerySet[M]:
        """Rows that `actor` may see, by the model's ``scope_q``."""
        rows = super().get_queryset()
        return rows.filter(self.model.scope_q(actor))  # type: ignore[attr-defined]  # DomainModel

    def everything(self, why: str) -> QuerySet[M]:
        """All rows; `why` says in words what entitles the caller (refused in faces)."""
        assert why, "say why everything may be seen"
        return super().get_queryset()

    def get_queryset(self) -> QuerySet[M]:
        raise UnscopedQuery(f"{self.model.__name__}: use .within(actor) or .everything(why)")


class DomainModel(models.Model):
    """Base of every domain table. Always inherit ``Meta`` too, or the door is lost."""

    # `rows` is the plain manager for Django's own machinery and for writing inside actions.
    rows: ClassVar[models.Manager[Any]] = models.Manager()  # Any: each subclass its own rows
    objects: ClassVar[ScopedManager[Any]] = ScopedManager()  # Any: as above

    class Meta:
        abstract = True
        triggers: ClassVar[list[pgtrigger.Trigger]] = [DOOR]
        default_manager_name = "rows"
        base_manager_name = "rows"

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **more: Any
    ) -> Self:  # Any: values of columns, and what later versions of Django hand on
        """A row as an object: what Django's own does, without its signals, which nobody hears."""
        made = cls.__new__(cls)
        made._state = ModelState()
        made._state.adding = False
        made._state.db = db
        made.__dict__.update(zip(field_names, values, strict=True))
        return made

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """The rows `actor` may see; a model that is read through a scope overrides this."""
        raise UnscopedQuery(f"{cls.__name__} states no scope")


class AppendOnlyModel(DomainModel):
    """Base of insert-only tables: trigger here, and no UPDATE or DELETE grant (see grants)."""

    class Meta(DomainModel.Meta):
        abstract = True
        triggers = [DOOR, APPEND_ONLY]

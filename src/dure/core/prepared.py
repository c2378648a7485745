"""Queries of the ORM drawn once, then asked by a prepared statement.

Nouns: prepared query (준비된 조회), sample (보기, a value that stands where a place will be).
Law: the same rows and objects as the queryset it was drawn from; only its values change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

from dure.core import statements

M = TypeVar("M", bound=Model)


class Prepared(Generic[M]):
    """A query on the hot way of an action.

    draw    : gives the queryset for given values, once, with the samples
    samples : one value a place, of the type that will come; no two alike, and none that stands in
              the query by itself

    Not for a query whose form depends on its values (a list of any length, an actor's scope).
    """

    def __init__(self, draw: Callable[..., QuerySet[M]], *samples: object) -> None:
        assert len(set(samples)) == len(samples), "samples must differ"
        self._draw = draw
        self._samples = samples
        self._drawn: _Drawn | None = None

    def __call__(self, *values: object) -> list[M]:
        """The objects for these values, in the order of the samples."""
        drawn = self._known()
        return self.built(statements.rows(drawn.sql, drawn.places(values)))

    def asked(self, *values: object) -> statements.Asked:
        """The statement for these values, for whoever sends it along with another."""
        drawn = self._known()
        return drawn.sql, drawn.places(values)

    def built(self, rows: Iterable[statements.Row]) -> list[M]:
        """The objects of the rows that the statement gave."""
        drawn = self._known()
        return [drawn.built(row) for row in rows]

    def _known(self) -> _Drawn:
        if self._drawn is None:
            self._drawn = _Drawn(self._draw(*self._samples), self._samples)
        return self._drawn


class _Drawn:
    """SQL, where its places get their values, and how rows become objects."""

    def __init__(self, query: QuerySet[Any], samples: tuple[object, ...]) -> None:  # Any: any model
        compiler = query.query.get_compiler(using=DEFAULT_DB_ALIAS)
        self.sql, parts = compiler.as_sql()
        spots = [samples.index(part) if part in samples else None for part in parts]
        assert set(range(len(samples))) <= set(spots), "a sample does not stand in the query"
        self.annotated = list((compiler.annotation_col_map or {}).items())
        self.parts = [
            (spot, part) if spot is not None else (-1, part)
            for spot, part in zip(spots, parts, strict=True)
        ]
        info = compiler.klass_info
        fields = info["select_fields"]
        self.begin, self.end = fields[0], fields[-1] + 1
        columns = compiler.select[self.begin : self.end]
        self.names = [column[0].target.attname for column in columns]
        self.model = info["model"]
        self.related = get_related_populators(  # type: ignore[call-arg]  # types of a later Django
            info, compiler.select, DEFAULT_DB_ALIAS
        )
        converters = compiler.get_converters([column[0] for column in compiler.select])
        self.converters = list(converters.items())

    def places(self, values: tuple[object, ...]) -> list[object]:
        return [part if spot < 0 else values[spot] for spot, part in self.parts]

    def built(self, row: statements.Row) -> Any:  # Any: as above
        if self.converters:
            cells = list(row)
            for number, (steps, column) in self.converters:
                for step in steps:
                    cells[number] = step(cells[number], column, connection)
            row = tuple(cells)
        made = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.begin : self.end])
        for one in self.related:
            one.populate(row, made)
        for name, number in self.annotated:
            setattr(made, name, row[number])
        return made

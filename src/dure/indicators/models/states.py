"""The four states of a cell, as the database holds them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


def cell_constraints(table: str) -> list[models.BaseConstraint]:
    """The four states, as the database holds them for a table of cells."""
    value = Q(state="")
    empty = Q(den__isnull=True, coverage_ppm__isnull=True)
    return [
        models.CheckConstraint(
            condition=(value & Q(num__isnull=False)) | (~value & Q(num__isnull=True)),
            name=f"{table}_has_a_number_only_as_value",
        ),
        models.CheckConstraint(
            condition=value | empty, name=f"{table}_without_value_shows_nothing_else"
        ),
        models.CheckConstraint(
            condition=Q(state__in=["", ":", ":c", ":z"]), name=f"{table}_has_one_of_four_states"
        ),
        models.CheckConstraint(
            condition=(Q(state=":") & ~Q(reason="")) | (~Q(state=":") & Q(reason="")),
            name=f"{table}_missing_says_why",
        ),
        models.CheckConstraint(
            condition=Q(
                reason__in=[
                    "",
                    "no_report",
                    "no_factor",
                    "late_source",
                    "not_collected",
                    "budget_spent",
                ]
            ),
            name=f"{table}_reason_is_from_the_list",
        ),
        models.CheckConstraint(
            condition=Q(den__isnull=True) | Q(den__gt=0), name=f"{table}_denominator_is_positive"
        ),
    ]

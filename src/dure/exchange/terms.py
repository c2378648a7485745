"""Typed terms of assets and listings by their kind; stored as JSON, never a free dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from dure.core import parsers
from dure.core.types import Count, Line

LOAN_DAYS_MAX = 366
GivenIn = Literal["won", "minutes", "voucher", "local"]
NoteText = Annotated[str, BeforeValidator(parsers.note)]


def _time_of_day(value: object) -> str:
    text = str(value)
    hours, _, minutes = text.partition(":")
    fits = text.isascii() and len(hours) == len(minutes) == 2 and (hours + minutes).isdecimal()
    if not fits or int(hours) > 24 or int(minutes) > 59:
        raise ValueError("not a time of the day")
    return text


TimeOfDay = Annotated[str, BeforeValidator(_time_of_day)]
IsoDay = Annotated[str, BeforeValidator(lambda value: parsers.form_date(value).isoformat())]

Days = Annotated[Count, Field(le=LOAN_DAYS_MAX)]


@dataclass(frozen=True, slots=True)
class EquipmentTerms:
    """On what terms a thing is lent: fee and deposit, for how long, when it is handed out; every
    how many days it is looked over, and when it was last."""

    fee: Count = 0
    fee_unit: GivenIn = "won"
    deposit: Count = 0
    deposit_unit: GivenIn = "won"
    max_days: Days = 0
    opens: TimeOfDay | None = None
    closes: TimeOfDay | None = None
    check_out: NoteText | None = None
    check_in: NoteText | None = None
    maintain_days: Days = 0
    maintained_on: IsoDay | None = None


def maintenance_due(terms: Mapping[str, Any]) -> date | None:  # Any: stored terms
    """The last day on which a thing may be out before it is looked over; None without a plan.

    A plan under which it was never looked over is due since ever.

    >>> maintenance_due({"maintain_days": 30, "maintained_on": "2026-05-01"})
    datetime.date(2026, 5, 31)
    >>> maintenance_due({"maintain_days": 30}) == date.min, maintenance_due({})
    (True, None)
    """
    days = terms.get("maintain_days", 0)
    if not days:
        return None
    last = terms.get("maintained_on")
    return date.fromisoformat(last) + timedelta(days=days) if last else date.min


@dataclass(frozen=True, slots=True)
class AnyTerms:
    """What there is to know of a thing or an offer that has no kind of its own yet."""

    note: NoteText | None = None


Chooser = Literal["giver", "first", "coordinator"]


@dataclass(frozen=True, slots=True)
class ListingTerms:
    """What an offer or a request says beside its columns: a rhythm, what to bring, whether it
    stays out of matching; whether its thing is given away for good, and who chooses to whom."""

    rrule: Line | None = None
    bring: NoteText | None = None
    note: NoteText | None = None
    unmatched: Literal["yes"] | None = None
    gives: Literal["yes"] | None = None
    chooses: Chooser | None = None


ASSET_TERMS: dict[str, type[object]] = {"equipment": EquipmentTerms}


def of_asset(kind: str) -> type[object]:
    """The terms of a kind of asset."""
    return ASSET_TERMS.get(kind, AnyTerms)

"""Typed terms of assets and listings by their kind; stored as JSON, never a free dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

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


Days = Annotated[Count, Field(le=LOAN_DAYS_MAX)]


@dataclass(frozen=True, slots=True)
class EquipmentTerms:
    """On what terms a thing is lent: fee and deposit, for how long, when it is handed out."""

    fee: Count = 0
    fee_unit: GivenIn = "won"
    deposit: Count = 0
    deposit_unit: GivenIn = "won"
    max_days: Days = 0
    opens: TimeOfDay | None = None
    closes: TimeOfDay | None = None
    check_out: NoteText | None = None
    check_in: NoteText | None = None


@dataclass(frozen=True, slots=True)
class AnyTerms:
    """What there is to know of a thing or an offer that has no kind of its own yet."""

    note: NoteText | None = None


@dataclass(frozen=True, slots=True)
class ListingTerms:
    """What an offer or a request says beside its columns: a rhythm, what to bring, and whether
    it stays out of matching."""

    rrule: Line | None = None
    bring: NoteText | None = None
    note: NoteText | None = None
    unmatched: Literal["yes"] | None = None


ASSET_TERMS: dict[str, type[object]] = {"equipment": EquipmentTerms}


def of_asset(kind: str) -> type[object]:
    """The terms of a kind of asset."""
    return ASSET_TERMS.get(kind, AnyTerms)

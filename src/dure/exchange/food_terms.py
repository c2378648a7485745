"""Typed terms of an order cycle and of a product in it; stored as JSON with the pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator

from dure.core import parsers
from dure.core.text import T
from dure.core.types import Count, Line
from dure.engines.rationing import Rule
from dure.exchange import answers as typed
from dure.exchange.models import Pool

PaysIn = Literal["won", "voucher", "local", "gift"]
OriginCode = Literal["seoul", "capital", "korea", "abroad"]
RuleCode = Literal["prop", "cea", "wcea", "cel", "talmud", "first_come"]
RULE_KEY = "exchange.food.rule"
GIFT = "gift"
NoteText = Annotated[str, BeforeValidator(parsers.note)]

ORIGINS: dict[str, T] = {
    "seoul": T("서울", "Seoul"),
    "capital": T("인천·경기", "Incheon and Gyeonggi"),
    "korea": T("그 밖의 국내", "elsewhere in Korea"),
    "abroad": T("국외", "abroad"),
}
RULES: dict[Rule, T] = {
    Rule.PROPORTIONAL: T("비례", "in proportion"),
    Rule.EQUAL_AWARDS: T("균등 배분", "equal shares"),
    Rule.WEIGHTED_AWARDS: T("가중 균등", "weighted equal shares"),
    Rule.EQUAL_LOSSES: T("균등 손실", "equal losses"),
    Rule.TALMUD: T("탈무드", "Talmud"),
    Rule.FIRST_COME: T("선착순", "first come"),
}


@dataclass(frozen=True, slots=True)
class CycleTerms:
    """On what terms a cycle runs. `rule` is as it was when the cycle was made; `standing`:
    standing orders have been placed; `deposit`: on the crate or bottles of each basket, in the
    unit that is paid in, 0 = none, as it was when the cycle was made."""

    pays: PaysIn = "won"
    rule: RuleCode = "cea"
    text: NoteText | None = None
    standing: bool = False
    deposit: Count = 0


@dataclass(frozen=True, slots=True)
class ProductTerms:
    """What there is to know of a product beside its columns; amounts in its unit.

    case : the least the producer sends, 0 = any; margin_ppm : how far real weight may be above
    """

    case: Count = 0
    margin_ppm: Count = 0
    gram_each: Count = 0
    origin: OriginCode = "korea"
    origin_text: Line | None = None
    season: Line | None = None
    note: NoteText | None = None


def cycle_terms(cycle: Pool) -> CycleTerms:
    """The terms of a cycle."""
    return typed.restore(CycleTerms, cycle.terms)


def product_terms(product: Pool) -> ProductTerms:
    """The terms of a product of a cycle."""
    return typed.restore(ProductTerms, product.terms)

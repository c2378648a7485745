"""Words of the food hub's pages: amounts, prices, states, rules, times."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dure.core import clock
from dure.core.text import T
from dure.engines.rationing import Rule
from dure.exchange.processes.food_order import FOOD_ORDER
from dure.exchange.queries.pools import RULES, SENTENCES
from dure.interfaces.web import exchange_words as common
from dure.interfaces.web.money_words import PLACES

GRAMS, PIECES = "GRM", "H87"
UNITS: Mapping[str, str] = {"won": "KRW", "voucher": "VCH", "local": "LOCAL"}
PAYS: Mapping[str, T] = {
    "won": T("돈으로(원)", "In won"),
    "voucher": T("지역상품권으로", "By voucher"),
    "local": T("지역화폐로", "In local currency"),
    "gift": T("그냥 나눔", "A gift"),
}
STATES: Mapping[str, tuple[str, T]] = {
    "open": ("ok", T("주문받는 중", "Taking orders")),
    "soon": ("draft", T("곧 열림", "Opens soon")),
    "closed": ("wait", T("주문 마감", "Orders closed")),
    "awarded": ("now", T("나누기 끝", "Shared out")),
    "settled": ("draft", T("정산 끝", "Settled")),
    "replaced": ("draft", T("다시 나눔", "Shared out again")),
    "cancelled": ("stop", T("취소됨", "Cancelled")),
}
BASKETS: Mapping[str, str] = {
    "cart": "now",
    "ordered": "ok",
    "allocated": "now",
    "packed": "now",
    "delivered": "ok",
    "claimed": "wait",
    "uncollected": "stop",
    "review": "stop",
}
LABELS: Mapping[str, T] = {
    **common.LABELS,
    "opens": T("주문 여는 때", "Orders open"),
    "closes": T("주문 마감", "Orders close"),
    "pickup": T("찾아가는 때", "Pick-up"),
    "place": T("찾아가는 곳", "Where to pick up"),
    "rule": T("모자랄 때 나누는 규칙", "Rule when there is not enough"),
    "pays": T("무엇으로 내나요?", "Paid with"),
    "lines": T("담은 것", "What is in the basket"),
    "content": T("파일", "File"),
    "producer_id": T("생산자", "Producer"),
    "deposit": T("상자 보증금", "Deposit on the crate"),
    "missing": T("모자란 양", "How much is missing"),
    "product": T("어느 품목", "Which product"),
    "weighed": T("실제 무게", "Real weight"),
    "estate": T("낼 수 있는 양", "Stock"),
    "price": T("값", "Price"),
}
ASKED: Mapping[str, T] = {
    "missing": T("모자란 것으로 볼 양(g 또는 개)", "How much of it you agree to (g or pieces)"),
    "charge": T("낼 값(원)", "What is to be paid (won)"),
}
CRATES: Mapping[str, tuple[str, T]] = {
    "promised": ("draft", T("상자를 받을 때까지 맡아 둠", "Held until the crate is taken")),
    "out": ("wait", T("상자 나가 있음", "The crate is out")),
    "kept": ("wait", T("보증금 냄, 상자가 오면 돌려줌", "Deposit paid, back with the crate")),
    "back": ("ok", T("상자 돌아옴", "The crate is back")),
}
_WEIGHT = re.compile(r"([0-9]{1,7})(?:\.([0-9]{1,3}))?")


def amount(number: int, unit: str) -> str:
    """An amount with its unit: `500 g`, `1.5 kg`, `3개`.

    >>> amount(1500, "GRM")
    '1.5 kg'
    """
    if unit == GRAMS:
        if abs(number) < 1000:
            return f"{number} g"
        full, rest = divmod(abs(number), 1000)
        tail = f".{rest:03d}".rstrip("0").rstrip(".") if rest else ""
        return f"{'-' if number < 0 else ''}{full:,}{tail} kg"
    if unit == "MLT":
        return f"{number:,} ml"
    return T("%(n)s개", "%(n)s pc" if number == 1 else "%(n)s pcs") % {"n": f"{number:,}"}


def value(number: int, pays: str) -> str:
    """A price or a total in words: `3,000원`, `상품권 3,000원`; nothing is free of charge."""
    return str(PLACES[UNITS.get(pays, "KRW")] % {"n": f"{number:,}"})


def price_of(product: Any, pays: str) -> str:  # Any: a product of the room's queries
    """The price of one lot: `500 g에 3,000원`."""
    if not product.price:
        return str(T("무료 나눔", "Free of charge"))
    return T("%(lot)s에 %(won)s", "%(won)s for %(lot)s") % {
        "lot": amount(product.lot, product.unit),
        "won": value(product.price, pays),
    }


def state_of(row: Any) -> tuple[str, str]:  # Any: a cycle of the room's queries
    """How the state of a cycle is marked and said."""
    key = "cancelled" if row.is_cancelled else row.state
    if key == "open" and not row.is_open:
        key = "soon" if row.opens > clock.now() else "closed"
    kind, text = STATES[key]
    return kind, str(text)


def basket_state(key: str) -> tuple[str, str]:
    """How the state of a basket is marked and said: the words of its process."""
    return BASKETS.get(key, "draft"), str(FOOD_ORDER.state(key).text)


def crate_of(basket: Any) -> dict[str, str]:  # Any: a basket of the room's queries
    """Where the crate of a basket is and what its deposit is; empty where there is none."""
    if basket.crate not in CRATES:
        return {}
    kind, text = CRATES[basket.crate]
    return {
        "key": basket.crate,
        "kind": kind,
        "text": str(text),
        "deposit": value(basket.cycle.deposit, basket.cycle.pays),
    }


def left_until(when: datetime) -> str:
    """How long is left, in plain words: `2일 3시간 남음`; empty when it is over."""
    minutes = int((when - clock.now()).total_seconds() // 60)
    if minutes < 0:
        return ""
    days, rest = divmod(minutes, 24 * 60)
    full, minutes = divmod(rest, 60)
    if days:
        return T("%(d)s일 %(h)s시간 남음", "%(d)s d %(h)s h left") % {"d": days, "h": full}
    if full:
        return T("%(h)s시간 %(m)s분 남음", "%(h)s h %(m)s min left") % {"h": full, "m": minutes}
    return T("%(m)s분 남음", "%(m)s min left") % {"m": minutes}


def rule_name(rule: str) -> str:
    """A rule in two or three words."""
    return str(RULES[Rule(rule)])


def rule_text(rule: str) -> str:
    """A rule in one sentence."""
    return str(SENTENCES[Rule(rule)])


def grams_of(text: str) -> int | str:
    """A typed weight in grams: `1.25 kg`, `1250`, `1,250 g`; what is none stays as typed."""
    plain = text.replace(",", "").strip().lower()
    kilos = plain.endswith("kg")
    plain = plain.removesuffix("kg").removesuffix("g").strip()
    found = _WEIGHT.fullmatch(plain)
    if found is None or (found[2] and not kilos):
        return text
    return int(found[1]) * 1000 + int((found[2] or "").ljust(3, "0")) if kilos else int(found[1])


def whole_of(text: str) -> int | str:
    """A typed whole number; what is none stays as typed."""
    return common.number(text)


def typed_amount(text: str, unit: str) -> int | str:
    """A typed amount in its unit."""
    return grams_of(text) if unit == GRAMS else common.number(text)

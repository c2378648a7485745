"""What the pages of one's own value share: who may open them, their tabs, days of an address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest
from django.urls import reverse

from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.parsers import ParseError, form_date
from dure.core.text import T
from dure.interfaces.web import money_words
from dure.interfaces.web.base import known_actor
from dure.ledger.queries.wallets import Wallet

LABELS = {
    "handle": T("받는 이름", "Handle"),
    "to": T("받는 이름", "Handle of the payee"),
    "code": T("여덟 자리 숫자", "Eight digits"),
    "debit": T("어느 계정에서", "From which account"),
    "account": T("계정", "Account"),
    "amount": T("얼마나", "How much"),
    "purpose": T("무엇 때문에", "What for"),
    "reason": T("이유", "Reason"),
    "payer": T("내는 사람", "Who pays"),
    "starts_on": T("시작하는 날", "First day"),
    "ends_on": T("끝나는 날", "Last day"),
    "transfer_id": T("이체", "Transfer"),
}


def signed_in(request: HttpRequest) -> Actor:
    """Give who asks. Raises Refusal(NOT_ALLOWED) for a visitor: these pages are one's own."""
    actor = known_actor(request)
    if actor.id is None:
        raise Refusal(CoreCode.NOT_ALLOWED, role=T("로그인한 사람", "a signed-in person"))
    return actor


def tabs(here: str) -> list[dict[str, object]]:
    """The pages about one's own value, the present one marked."""
    entries = (
        ("money", T("내 계정", "Accounts")),
        ("money_send", T("보내기", "Send")),
        ("money_show", T("받기", "Receive")),
        ("money_request", T("청구", "Requests")),
        ("money_standing", T("정기", "Standing")),
    )
    return [
        {"href": reverse(f"web:{name}"), "title": str(title), "here": name == here}
        for name, title in entries
    ]


def choices(wallets: Iterable[Wallet]) -> list[tuple[str, str, str]]:
    """Wallets as options of a field: label, and what can be spent of it."""
    return [
        (
            str(one.id),
            one.label,
            T("쓸 수 있는 만큼 %(n)s", "spendable %(n)s")
            % {"n": "–" if one.spendable is None else money_words.amount(one.spendable, one.unit)},
        )
        for one in wallets
    ]


def date_or_none(text: str) -> date | None:
    """Read a date of an address; None for anything else."""
    try:
        return form_date(text.strip())
    except ParseError:
        return None


def months(today: date) -> list[date]:
    """The first days of this month and the two before it."""
    found, first = [], today.replace(day=1)
    for _ in range(3):
        found.append(first)
        first = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
    return found

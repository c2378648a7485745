"""What the demo district is made of: invented organisations of every kind, the same every time.

Business numbers start with 999, corporate numbers with 9999, addresses are on 없는길, mail ends in
`.test`: nothing here is a real organisation, person, number or address.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dure.core.text import T
from dure.engines.business_number import business_check_digit

PER_DISTRICT = 7


def password(secret: str) -> str:
    """The password of every demo account: drawn from the signing key, stored nowhere in plain.

    >>> password("a") == password("a") != password("b")
    True
    """
    drawn = hmac.new(secret.encode(), b"dure.demo.password", hashlib.sha256)
    return f"demo-{drawn.hexdigest()[:8]}"


def authenticator(secret: str) -> str:
    """The one authenticator secret of the demo's accounts with powers, in base 32, drawn likewise.

    >>> authenticator("a") == authenticator("a") != authenticator("b")
    True
    """
    drawn = hmac.new(secret.encode(), b"dure.demo.authenticator", hashlib.sha256)
    return base64.b32encode(drawn.digest()[:20]).decode("ascii")


FIRST = (
    "가람", "나래솔", "다솜", "라온", "마루", "바른손", "새벽", "아라", "자작나무", "차오름",
    "카람", "타래", "파란", "하늬", "고운", "너울", "도담", "미르", "보듬", "소담", "여울",
    "온새미", "참살이", "터울", "해오름",
)  # fmt: skip
SECOND = ("나루", "벼리", "누리", "터", "샘", "별", "뜰", "재", "결", "마을")
# code, last word of the name, form, share of the whole
KINDS: tuple[tuple[str, str, str], ...] = (
    ("coop.consumer", "소비자협동조합", "corporation"),
    ("coop.producer", "생산자협동조합", "corporation"),
    ("coop.worker", "직원협동조합", "corporation"),
    ("coop.multi", "협동조합", "corporation"),
    ("coop.social", "사회적협동조합", "corporation"),
    ("se.certified", "사회적기업", "corporation"),
    ("se.preliminary", "나눔", "corporation"),
    ("venture.social", "랩", "corporation"),
    ("village", "마을기업", "corporation"),
    ("selfsupport", "자활기업", "corporation"),
    ("village", "공방", "sole_trader"),
    ("coop.worker", "돌봄협동조합", "corporation"),
    ("coop.social", "수리협동조합", "corporation"),
    ("land_trust", "토지신탁", "corporation"),
    ("platform_coop", "플랫폼협동조합", "corporation"),
    ("data_coop", "데이터협동조합", "corporation"),
    ("coop.consumer", "에너지협동조합", "corporation"),
)
REPAIR = ("coop.social", "수리협동조합", "corporation")  # the demo people's own, in their district
RARE = (
    ("federation", "협동조합연합회", "corporation"),
    ("anchor", "시연병원", "public_body"),
    ("buyer", "시연시설공단", "public_body"),
    ("school", "시연초등학교", "public_body"),
)


@dataclass(frozen=True, slots=True)
class Invented:
    """One invented organisation, as the register action takes it, and what is stated later."""

    body: dict[str, str]
    second_status: str | None
    confirmed: bool
    years: tuple[tuple[int, str, int], ...]
    closed_on: date | None


def organisations(districts: dict[str, str]) -> Iterator[Invented]:
    """Invented organisations: `PER_DISTRICT` in each district, given as code and name."""
    chance = random.Random(20260701)  # noqa: S311 - invents, hides nothing
    number = 0
    for place, (sig, gu) in enumerate(sorted(districts.items())):
        for turn in range(PER_DISTRICT):
            number += 1
            kinds = RARE if turn == 0 else KINDS
            code, word, form = kinds[(place if turn == 0 else number) % len(kinds)]
            if sig == MAPO and turn == 1:
                code, word, form = REPAIR
            yield _one(number, sig, gu, code, word, form, chance)
        number += 1
        yield _one(number, sig, gu, "support_centre", "사회적경제지원센터", "association", chance)


def _one(
    number: int, sig: str, gu: str, code: str, word: str, form: str, chance: random.Random
) -> Invented:
    first, second = FIRST[number % len(FIRST)], SECOND[number // 3 % len(SECOND)]
    name = (
        f"{gu[:-1]} {word}" if code in ("support_centre", "school") else f"{first}{second} {word}"
    )
    founded = date(2013 + chance.randrange(12), 1 + chance.randrange(12), 1 + chance.randrange(28))
    nine = f"999{number // 10_000:02d}{number % 10_000:04d}"
    body = {
        "name": name,
        "form": form,
        "district": sig,
        "status": code,
        "status_from": founded.isoformat(),
        "founded_on": founded.isoformat(),
        "biz_number": nine + str(business_check_digit(nine)),
        "address": f"서울특별시 {gu} 없는길 {number}",
        "mail": f"office{number}@dure.test",
    }
    if form == "corporation":
        body["corp_number"] = f"9999{number % 100:02d}{number:07d}"
    workers = 2 + chance.randrange(40)
    sales = workers * (18 + chance.randrange(40)) * 1_000_000
    years: list[tuple[int, str, int]] = []
    if chance.random() < 0.6:
        years = [
            (2025, "heads", workers),
            (2025, "fte_minutes", workers * 9_000),
            (2025, "sales", sales),
        ]
    closed = date(2026, 1 + chance.randrange(6), 15) if chance.random() < 0.03 else None
    certified = code in ("coop.worker", "coop.social") and chance.random() < 0.4
    return Invented(
        body,
        "se.certified" if certified else None,
        chance.random() < 0.5,
        tuple(years),
        closed,
    )


@dataclass(frozen=True, slots=True)
class Account:
    """A synthetic person who can sign in to the demo."""

    handle: str
    name: str
    does: T
    role: str | None = None
    scope: str = ""
    district: str = "11440"

    @property
    def takes_second_step(self) -> bool:
        """Whether the account gets an authenticator app: its role waits for a second step."""
        return self.role in ("staff", "official", "board", "treasurer", "approver", "vault")


MAPO = "11440"
ACCOUNTS = (
    Account(
        "demo_city",
        "한모든",
        T("서울 전체 센터 직원", "centre staff of all Seoul"),
        "staff",
        "city",
    ),
    Account(
        "demo_staff", "김센터", T("마포구 센터 직원", "centre staff of Mapo"), "staff", "district"
    ),
    Account(
        "demo_staff2", "이센터", T("마포구 센터 직원", "centre staff of Mapo"), "staff", "district"
    ),
    Account(
        "demo_official", "박구청", T("마포구 공무원", "official of Mapo"), "official", "district"
    ),
    Account(
        "demo_official2", "최구청", T("마포구 공무원", "official of Mapo"), "official", "district"
    ),
    Account("demo_analyst", "정분석", T("지표 분석가", "indicator analyst"), "analyst", "purpose"),
    Account("demo_board", "강이사", T("협동조합 이사", "board member"), "board", "organisation"),
    Account("demo_board2", "조이사", T("협동조합 이사", "board member"), "board", "organisation"),
    Account(
        "demo_keeper",
        "윤수리",
        T("수리 협동조합 실무자", "repair co-op staff"),
        "staff",
        "organisation",
    ),
    Account("demo_treasurer", "장회계", T("회계 담당", "treasurer"), "treasurer", "organisation"),
    Account("demo_auditor", "임감사", T("감사", "auditor"), "auditor", "organisation"),
    Account("demo_vault", "한금고", T("신원 금고 담당", "vault officer"), "vault", "purpose"),
    Account("demo_resident", "오주민", T("마포구 주민", "resident of Mapo")),
)

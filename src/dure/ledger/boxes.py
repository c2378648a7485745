"""Programmes in a box: what each kind of programme is, and the rules it stands on.

Nouns: kind (사업 종류: time bank, local currency, 지역사랑상품권, 바우처), rule row (규칙 줄),
signed row (서명된 줄: decided, with a source; a row of the demo counts in a demo alone).
Law: a programme opens only when every row of its kind is signed; what the statute forbids is no
rule at all: a 지역사랑상품권 has no demurrage, no credit line and no grant out of nothing. A
voucher for another aim has rules of its own, and none of that statute.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from dure.core import rulebook
from dure.core.errors import CoreCode, Refusal
from dure.core.models.rules import Rule, RuleVersion
from dure.core.text import T

from .programme_errors import ProgrammeCode

Scopes = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """One kind of programme: its unit, its words, the last parts of its rule keys."""

    kind: str
    unit: str
    text: T
    about: T
    needs: tuple[str, ...]
    has_lots: bool = False

    def key(self, part: str) -> str:
        """The full key of one of its rules."""
        return f"ledger.{self.kind}.{part}"


BOXES: Mapping[str, Box] = {
    box.kind: box
    for box in (
        Box(
            "timebank",
            "TIME",
            T("시간은행", "time bank"),
            T(
                "이웃을 도운 시간을 모으고 씁니다. 1분은 누구에게나 1분입니다.",
                "Neighbours help each other; a minute is a minute, whoever gives it.",
            ),
            ("grant", "credit", "ceiling", "issue_limit", "fee_ppm", "demurrage_ppm"),
        ),
        Box(
            "mutual",
            "LOCAL",
            T("지역화폐", "local currency"),
            T(
                "조합원끼리 신용한도 안에서 주고받는 우리 동네 돈입니다.",
                "Members pay each other within a credit line that the assembly sets.",
            ),
            (
                "grant",
                "credit",
                "ceiling",
                "issue_limit",
                "fee_ppm",
                "fee_payer",
                "demurrage_ppm",
                "demurrage_exempt",
            ),
        ),
        Box(
            "regional",
            "VCH",
            T("지역사랑상품권", "regional voucher"),
            T(
                "등록한 가맹점에서만 쓰고, 기한이 지나면 기금으로 돌아갑니다.",
                "Spent at registered shops alone; what expires goes back to the fund.",
            ),
            (
                "validity_months",
                "issue_limit",
                "holding",
                "refund_share_ppm",
                "shop_sales_most",
                "licence",
                "redeem_discount_ppm",
                "grace_days",
                "fee_ppm",
            ),
            has_lots=True,
        ),
        Box(
            "voucher",
            "VCH",
            T("바우처", "aim voucher"),
            T(
                "먹거리, 문화, 급식처럼 정한 쓰임에만 쓰는 상품권입니다. 정한 가맹점이 받습니다.",
                "Vouchers for one aim, such as food, culture or school meals, at chosen shops.",
            ),
            (
                "aim",
                "validity_months",
                "issue_limit",
                "holding",
                "pass_on",
                "licence",
                "redeem_discount_ppm",
                "grace_days",
                "fee_ppm",
            ),
            has_lots=True,
        ),
    )
}
KEYS = frozenset(box.key(part) for box in BOXES.values() for part in box.needs)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule of a programme as its page shows it before opening."""

    key: str
    text: T
    unit: str
    value: Any  # Any: integer or text, as the rule declares
    source: str
    article: str
    status: str
    version_id: UUID | None
    is_signed: bool


def scopes_of(organisation_id: object, district: str) -> Scopes:
    """Where a programme's rules are looked for, nearest first."""
    return (("bylaw", str(organisation_id)), ("district", district), ("city", "11"))


def rows(kind: str, scopes: Scopes, on: date | None = None) -> tuple[RuleRow, ...]:
    """Every rule row that a kind of programme needs, found or not."""
    box = BOXES[kind]
    found = []
    for part in box.needs:
        key = box.key(part)
        rule = Rule.rows.filter(key=key).first()
        text = T(rule.ko, rule.en) if rule else T(key, key)
        unit = rule.unit if rule else ""
        try:
            value = rulebook.value(key, on=on, scopes=scopes)
        except Refusal as refusal:
            if refusal.code is not CoreCode.RULE_MISSING:
                raise
            found.append(RuleRow(key, text, unit, None, "", "", "", None, False))
            continue
        version = RuleVersion.rows.get(id=value.version_id)
        found.append(
            RuleRow(
                key,
                text,
                unit,
                value.value,
                version.source,
                version.article,
                version.status,
                version.id,
                _is_signed(version),
            )
        )
    return tuple(found)


def _is_signed(version: RuleVersion) -> bool:
    """Decided and filled; rows made for the demo count in a demo alone."""
    if version.value is None or version.value == "":
        return False
    return version.status == "decided" or (version.status == "demo" and settings.DEMO)


def signed(kind: str, scopes: Scopes, on: date | None = None) -> dict[str, RuleRow]:
    """The rules of a programme by the last part of their key.

    Raises ``ledger.rule_unsigned`` naming every row that is missing, empty or not signed.
    """
    found = rows(kind, scopes, on)
    open_rows = [row for row in found if not row.is_signed]
    if open_rows:
        raise unsigned(open_rows)
    return {row.key.rsplit(".", 1)[1]: row for row in found}


def unsigned(open_rows: Sequence[RuleRow]) -> Refusal:
    """The refusal that names every rule row that is not signed."""
    return Refusal(
        ProgrammeCode.RULE_UNSIGNED,
        rules=T(
            ", ".join(row.text.ko for row in open_rows),
            ", ".join(row.text.en for row in open_rows),
        ),
    )

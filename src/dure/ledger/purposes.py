"""The purposes that the ledger itself writes on a row; a payer's own words never start so.

Law: what happened to what a programme issued is told by these words on the issuer's rows:
issued = redeemed + expired + paid back + open, whatever else is paid.
"""

from __future__ import annotations

from dure.core.text import T

GRANT = "programme.grant"
ISSUE = "lot.issue"
EXPIRE = "lot.expire"
RECALL = "lot.recall"
REDEEM = "lot.redeem"
REDEEM_WON = "lot.redeem.won"
CASH = "lot.cash"
CASH_WON = "lot.cash.won"
CLOSE = "programme.close"
DEMURRAGE = "demurrage"
FEE = "fee"
CLEARING = "clearing"

WORDS: dict[str, T] = {
    GRANT: T("첫 지급", "starting grant"),
    ISSUE: T("상품권 발행", "vouchers issued"),
    EXPIRE: T("기한이 지나 돌아감", "expired"),
    RECALL: T("거두어들임", "recalled"),
    REDEEM: T("상품권을 원으로 바꿈", "vouchers redeemed"),
    REDEEM_WON: T("바꾼 원", "won for redeemed vouchers"),
    CASH: T("쓰고 남은 상품권을 현금으로 돌려줌", "rest of vouchers paid back in cash"),
    CASH_WON: T("현금으로 돌려준 원", "won paid back for vouchers"),
    CLOSE: T("사업을 마치며 정리", "settled as the programme ended"),
    DEMURRAGE: T("보유료", "demurrage"),
    FEE: T("수수료", "fee"),
}


def words(purpose: str) -> T:
    """A purpose in words: the ledger's own by its list, anything else as it was written."""
    known = WORDS.get(purpose) or WORDS.get(purpose.split(":", 1)[0])
    return known or T(purpose, purpose)


def month(on: str) -> str:
    """The purpose of one month's demurrage.

    >>> month("2026-06")
    'demurrage:2026-06'
    """
    return f"{DEMURRAGE}:{on}"

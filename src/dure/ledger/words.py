"""Words of the ledger in both languages, for faces and exports."""

from __future__ import annotations

from dure.core.text import T

ACCOUNT_TYPES = {
    "liability": T("회원·예수금", "member or deposit"),
    "equity": T("자본", "equity"),
    "income": T("수익", "income"),
    "asset": T("자산", "asset"),
    "expense": T("비용", "expense"),
    "issuer": T("발행", "issuer"),
    "meter": T("계량", "meter"),
    "sink": T("쌓임", "sink"),
    "clearing": T("장부 사이", "clearing"),
}
STATUSES = {
    "open": T("열림", "open"),
    "frozen": T("멈춤", "frozen"),
    "closed": T("닫힘", "closed"),
}
KINDS = {
    0: T("이체", "transfer"),
    1: T("보류", "hold"),
    2: T("확정", "settled"),
    3: T("취소", "voided"),
    4: T("만료", "expired"),
    5: T("반대분개", "reversal"),
    6: T("환불", "refund"),
}
UNITS = {
    "KRW": T("원", "won"),
    "TIME": T("분", "min"),
    "LOCAL": T("지역화폐 원", "community won"),
    "VCH": T("바우처 원", "voucher won"),
    "WH": T("Wh", "Wh"),
    "CO2": T("gCO2e", "gCO2e"),
}

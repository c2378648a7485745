"""What can be the matter with a row (줄의 판정 사유): every code, how grave, and what to do.

Nouns
    level : ok < note < fix (mended, said) < warn (a person answers) < reject (nothing is stored)
    issue : one code at one cell of one row
Law
    The verdict of a row is its gravest issue; a note never changes a verdict.
Source
    Registry design, *Import*.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class Level(IntEnum):
    """How grave an issue is; the order is the meaning."""

    OK = 0
    NOTE = 1
    FIX = 2
    WARN = 3
    REJECT = 4


VERDICTS: Final = {
    Level.OK: "ok",
    Level.NOTE: "ok",
    Level.FIX: "fix",
    Level.WARN: "warn",
    Level.REJECT: "reject",
}


@dataclass(frozen=True, slots=True)
class Matter:
    """level, what is the matter (ko, en), what to do (ko, en)."""

    level: Level
    ko: str
    en: str
    remedy_ko: str
    remedy_en: str


def _reject(ko: str, en: str, remedy_ko: str, remedy_en: str) -> Matter:
    return Matter(Level.REJECT, ko, en, remedy_ko, remedy_en)


def _warn(ko: str, en: str, remedy_ko: str, remedy_en: str) -> Matter:
    return Matter(Level.WARN, ko, en, remedy_ko, remedy_en)


def _fix(ko: str, en: str) -> Matter:
    return Matter(
        Level.FIX, ko, en, "이렇게 고쳐 저장합니다.", "It will be stored mended like this."
    )


MATTERS: Final[dict[str, Matter]] = {
    "short_row": _reject(
        "칸이 모자랍니다.",
        "The row has too few cells.",
        "제목 줄과 칸 수를 맞춰 주세요.",
        "Give the row as many cells as the header has.",
    ),
    "long_row": _reject(
        "칸이 남습니다.",
        "The row has too many cells.",
        "쉼표가 든 글은 따옴표로 묶고, 제목 줄과 칸 수를 맞춰 주세요.",
        "Quote texts that hold commas; give the row as many cells as the header has.",
    ),
    "rrn_like": _reject(
        "주민등록번호로 보이는 글이 있습니다. 값은 남기지 않았습니다.",
        "A text looks like a resident registration number. It was not kept.",
        "그 번호를 지운 뒤 다시 올려 주세요.",
        "Remove that number and bring the file again.",
    ),
    "blank_name": _reject(
        "이름에 보이는 글자가 없습니다.",
        "The name shows no letter.",
        "이름을 적어 주세요.",
        "Write the name.",
    ),
    "empty_required": _reject(
        "꼭 필요한 칸이 비어 있습니다.",
        "A required cell is empty.",
        "이름, 유형, 상태, 자치구를 모두 적어 주세요.",
        "Fill in name, kind, state and district.",
    ),
    "unknown_status": _reject(
        "모르는 상태입니다.",
        "The state is not known.",
        "운영중, 준비중, 휴업, 폐업 가운데 하나로 적어 주세요.",
        "Use one of 운영중, 준비중, 휴업, 폐업.",
    ),
    "unknown_kind": _reject(
        "모르는 유형입니다.",
        "The kind is not known.",
        "도움말의 유형 목록에서 골라 적어 주세요.",
        "Use a kind from the list in the help.",
    ),
    "unknown_gu": _reject(
        "25개 자치구에 없는 이름입니다.",
        "It is none of the 25 districts.",
        "서울의 자치구 이름을 적어 주세요.",
        "Write the name of a district of Seoul.",
    ),
    "biz_shape": _reject(
        "사업자등록번호 모양이 아닙니다.",
        "It is not shaped like a business number.",
        "열 자리 숫자로 적어 주세요(123-45-67890).",
        "Write ten digits (123-45-67890).",
    ),
    "biz_checksum": _reject(
        "사업자등록번호의 검증 숫자가 맞지 않습니다.",
        "The check digit of the business number is wrong.",
        "등록증을 보고 번호를 다시 확인해 주세요.",
        "Check the number against the certificate.",
    ),
    "dup_biz_no": _reject(
        "앞줄에 같은 사업자등록번호가 있습니다.",
        "An earlier row has the same business number.",
        "한 조직은 한 줄만 남겨 주세요.",
        "Keep one row for one organisation.",
    ),
    "corp_shape": _reject(
        "법인등록번호 모양이 아닙니다.",
        "It is not shaped like a corporate number.",
        "열세 자리 숫자로 적어 주세요(123456-1234567).",
        "Write thirteen digits (123456-1234567).",
    ),
    "dup_corp_no": _reject(
        "앞줄에 같은 법인등록번호가 있습니다.",
        "An earlier row has the same corporate number.",
        "한 법인은 한 줄만 남겨 주세요. 지점은 사업장으로 적습니다.",
        "Keep one row for one legal person; branches are sites.",
    ),
    "dup_row": _reject(
        "앞줄에 이름, 자치구, 설립일이 같은 조직이 있고 둘 다 번호가 없습니다.",
        "An earlier row has the same name, district and founding day, and neither has a number.",
        "번호를 적거나 한 줄만 남겨 주세요.",
        "Add the numbers or keep one row.",
    ),
    "impossible_date": _reject(
        "없는 날짜입니다.",
        "There is no such day.",
        "1900년부터 2200년 사이의 날짜를 2018-03-02처럼 적어 주세요.",
        "Write a day between 1900 and 2200 as 2018-03-02.",
    ),
    "bad_date": _reject(
        "날짜로 읽을 수 없습니다.",
        "It cannot be read as a day.",
        "2018-03-02처럼 적거나, 모르면 비워 주세요.",
        "Write it as 2018-03-02, or leave it empty when unknown.",
    ),
    "future_date": _reject(
        "아직 오지 않은 날짜입니다.",
        "The day has not come yet.",
        "연도를 확인해 주세요.",
        "Check the year.",
    ),
    "end_before_start": _reject(
        "종료일이 설립일보다 앞섭니다.",
        "It ends before it was founded.",
        "두 날짜를 확인해 주세요.",
        "Check the two days.",
    ),
    "negative_count": _reject(
        "사람 수가 0보다 작습니다.",
        "The count is below zero.",
        "0 이상의 정수로 적거나, 모르면 비워 주세요.",
        "Write a whole number from 0, or leave it empty when unknown.",
    ),
    "fraction_count": _reject(
        "사람 수에 소수점이 있습니다.",
        "The count has a fraction.",
        "정수로 적어 주세요.",
        "Write a whole number.",
    ),
    "bad_count": _reject(
        "사람 수로 읽을 수 없습니다.",
        "It cannot be read as a count.",
        "10억 이하의 정수로 적거나, 모르면 비워 주세요.",
        "Write a whole number up to 10^9, or leave it empty when unknown.",
    ),
    "amount_too_big": _reject(
        "금액이 1조 원을 넘습니다.",
        "The amount exceeds 10^12 won.",
        "단위가 원인지 확인해 주세요.",
        "Check that the unit is won.",
    ),
    "negative_amount": _reject(
        "금액이 0보다 작습니다.",
        "The amount is below zero.",
        "0 이상의 원 단위 정수로 적어 주세요.",
        "Write whole won from 0.",
    ),
    "bad_amount": _reject(
        "금액으로 읽을 수 없습니다.",
        "It cannot be read as an amount.",
        "원 단위 정수를 1234567 또는 1,234,567처럼 적거나, 모르면 비워 주세요.",
        "Write whole won as 1234567 or 1,234,567, or leave it empty when unknown.",
    ),
    "self_parent": _reject(
        "자기 자신에게 속해 있습니다.",
        "It belongs to itself.",
        "소속 연합회를 고치거나 비워 주세요.",
        "Correct the federation or leave it empty.",
    ),
    "phone_in_mail": _reject(
        "메일 칸에 전화번호가 있습니다.",
        "There is a phone number in the mail column.",
        "메일 주소를 적거나 비워 주세요.",
        "Write a mail address or leave it empty.",
    ),
    "bad_mail": _reject(
        "메일 주소로 읽을 수 없습니다.",
        "It cannot be read as a mail address.",
        "이름@도메인 모양으로 적거나 비워 주세요.",
        "Write it as name@domain or leave it empty.",
    ),
    "bad_phone": _reject(
        "전화번호로 읽을 수 없습니다.",
        "It cannot be read as a phone number.",
        "02-123-4567처럼 적거나 비워 주세요.",
        "Write it as 02-123-4567 or leave it empty.",
    ),
    "bad_web": _reject(
        "누리집 주소로 읽을 수 없습니다.",
        "It cannot be read as a web address.",
        "https://로 시작하는 주소를 적거나 비워 주세요.",
        "Write an address that starts with https:// or leave it empty.",
    ),
    "too_long": _reject(
        "글이 너무 깁니다.",
        "The text is too long.",
        "이름은 100자, 주소는 200자, 비고는 5,000자까지 받습니다.",
        "At most 100 characters for names, 200 for addresses, 5,000 for notes.",
    ),
    "control_char": _reject(
        "보이지 않는 제어 문자가 있습니다.",
        "The text holds invisible control characters.",
        "칸을 지우고 다시 적어 주세요.",
        "Clear the cell and type it again.",
    ),
    "outside_scope": _reject(
        "이 명단의 자치구가 아닙니다.",
        "The row is of another district than the list.",
        "다른 자치구의 줄을 빼거나, 서울 전체 명단으로 올려 주세요.",
        "Leave out rows of other districts, or bring the list for the whole city.",
    ),
    "dup_target": _reject(
        "두 줄이 등록부의 같은 조직을 가리킵니다.",
        "Two rows mean the same organisation of the register.",
        "한 조직은 한 줄만 남겨 주세요.",
        "Keep one row for one organisation.",
    ),
    "numbers_disagree": _reject(
        "두 번호가 등록부에서 서로 다른 조직의 것입니다.",
        "The two numbers belong to different organisations of the register.",
        "번호를 확인하거나, 두 조직을 합치는 제안을 먼저 해 주세요.",
        "Check the numbers, or propose to merge the two organisations first.",
    ),
    "closed_no_end": _warn(
        "폐업인데 종료일이 없습니다.",
        "It is closed without an end day.",
        "종료일을 모른 채 저장하거나, 이 줄을 미뤄 두세요.",
        "Store it with the end unknown, or hold the row.",
    ),
    "active_with_end": _warn(
        "종료일이 지났는데 폐업이 아닙니다.",
        "Its end day is past, yet it is not closed.",
        "적힌 대로 저장하거나, 확인할 때까지 미뤄 두세요.",
        "Store it as written, or hold the row until it is checked.",
    ),
    "same_name": _warn(
        "같은 이름이 두 번 나옵니다.",
        "The same name appears twice.",
        "다른 조직이면 저장하고, 아니면 미뤄 두세요.",
        "Store both if they are two organisations, else hold.",
    ),
    "sci_amount": _warn(
        "금액이 지수로 적혀 있어 끝자리가 사라졌을 수 있습니다.",
        "The amount is in scientific notation; digits may be lost.",
        "읽은 값이 맞으면 저장하고, 아니면 미뤄 두세요.",
        "Store it if the value read is right, else hold.",
    ),
    "unit_in_amount": _warn(
        "금액에 단위가 적혀 있습니다.",
        "The amount has a unit.",
        "읽은 값이 맞으면 저장하고, 아니면 미뤄 두세요.",
        "Store it if the value read is right, else hold.",
    ),
    "amount_missing": _warn(
        "금액이 비어 있습니다. 0이 아니라 모름입니다.",
        "The amount is empty: unknown, not zero.",
        "모르는 채로 저장하거나, 미뤄 두세요.",
        "Store it as unknown, or hold the row.",
    ),
    "formula_cell": _warn(
        "수식의 결과가 파일에 없습니다.",
        "The file does not hold the formula's result.",
        "모르는 채로 저장하거나, 값만 붙여 넣어 다시 올려 주세요.",
        "Store it as unknown, or paste values and bring the file again.",
    ),
    "date_ambiguous": _warn(
        "연도가 두 자리라 날짜가 분명하지 않습니다.",
        "The year has two digits; the day is not certain.",
        "날짜를 모르는 채로 저장하거나, 네 자리 연도로 고쳐 주세요.",
        "Store it with the day unknown, or write the year with four digits.",
    ),
    "dangling_parent": _warn(
        "소속 연합회가 파일에도 등록부에도 없습니다.",
        "The federation is neither in the file nor in the register.",
        "소속 없이 저장하거나, 연합회를 먼저 등록해 주세요.",
        "Store it without the tie, or register the federation first.",
    ),
    "below_five": _warn(
        "협동조합인데 조합원이 다섯보다 적습니다.",
        "It is a co-operative of fewer than five members.",
        "사람 수가 맞으면 저장하고, 아니면 미뤄 두세요.",
        "Store it if the count is right, else hold.",
    ),
    "phone_in_text": _warn(
        "글에 개인 전화번호로 보이는 것이 있습니다.",
        "The text seems to hold a personal phone number.",
        "그 번호를 지우고 다시 올리거나, 미뤄 두세요.",
        "Remove it and bring the file again, or hold the row.",
    ),
    "spaces": _fix("남는 빈칸을 지웠습니다.", "Extra spaces were removed."),
    "zero_width": _fix("보이지 않는 글자를 지웠습니다.", "Invisible characters were removed."),
    "nfd_name": _fix("풀어 쓴 한글을 모아 썼습니다.", "Decomposed Hangul was composed."),
    "fullwidth_digits": _fix(
        "전각 숫자를 보통 숫자로 바꿨습니다.", "Full-width digits became plain ones."
    ),
    "status_spacing": _fix("상태의 빈칸을 지웠습니다.", "Spaces in the state were removed."),
    "kind_spacing": _fix("유형의 띄어쓰기를 맞췄습니다.", "The spelling of the kind was evened."),
    "gu_spacing": _fix("자치구의 빈칸을 지웠습니다.", "Spaces in the district were removed."),
    "gu_short": _fix("자치구 이름에 '구'를 붙였습니다.", "구 was added to the district."),
    "formula_text": _fix(
        "수식처럼 보이는 글을 글로 둡니다.", "Text that looks like a formula stays text."
    ),
    "dash_empty": _fix("'-'만 있는 칸을 빈칸으로 봅니다.", "A lone dash is read as empty."),
    "hidden_row": Matter(
        Level.NOTE,
        "숨긴 줄입니다.",
        "The row is hidden.",
        "숨긴 줄도 함께 읽습니다.",
        "Hidden rows are read too.",
    ),
    "sole_trader": Matter(
        Level.NOTE,
        "법인등록번호가 없어 개인사업자로 봅니다.",
        "Without a corporate number it is taken for a sole trader.",
        "번호, 주소, 연락처는 저장하지 않고 자치구까지만 적습니다.",
        "Number, address and contacts are not stored; the register keeps the district.",
    ),
    "address_gu": Matter(
        Level.NOTE,
        "주소의 자치구와 자치구 칸이 다릅니다.",
        "The address names another district.",
        "자치구 칸을 따릅니다.",
        "The district column is followed.",
    ),
}


@dataclass(frozen=True, slots=True)
class Issue:
    """One matter at one cell.

    code   : key of `MATTERS`
    column : 1-based column of the file; 0 when the whole row is meant
    value  : the cell as written, shortened; masked where it is or may be personal
    mended : what is stored instead; "" when nothing is
    """

    code: str
    column: int = 0
    value: str = ""
    mended: str = ""

    @property
    def level(self) -> Level:
        """How grave it is."""
        return MATTERS[self.code].level


def verdict_of(issues: tuple[Issue, ...] | list[Issue]) -> str:
    """The verdict of a row: "ok", "fix", "warn" or "reject", by its gravest issue.

    >>> verdict_of([]), verdict_of([Issue("hidden_row"), Issue("spaces")])
    ('ok', 'fix')
    """
    return VERDICTS[max((issue.level for issue in issues), default=Level.OK)]

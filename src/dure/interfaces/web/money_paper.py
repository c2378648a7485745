"""Statements on paper: one A4 page or more as a PDF, with the house's font inside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from dure.core.text import T
from dure.engines import pdf_pages, truetype
from dure.engines.pdf_pages import Rule, Text
from dure.interfaces.web import formats, money_words
from dure.ledger.queries.passages import Passage, Statement

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
LEFT, RIGHT, TOP, FOOT = 48.0, 547.0, 60.0, 800.0
COLUMNS = (LEFT, 128.0, 268.0)
NUMBERS = (467.0, RIGHT)
LINE = 19.0
HEADS = (
    T("날짜", "Date"),
    T("상대", "Other side"),
    T("용도", "Purpose"),
    T("들어옴·나감", "In or out"),
    T("잔액", "Balance"),
)


@lru_cache(maxsize=1)
def fonts() -> tuple[truetype.Font, truetype.Font]:
    """The regular and the bold font, read once a process."""
    files = [VENDOR / f"PretendardGOV-{weight}.subset.ttf" for weight in ("Regular", "Bold")]
    regular, bold = (truetype.read(path.read_bytes()) for path in files)
    return regular, bold


def fitted(text: str, width: float, size: float = 9) -> str:
    """Shorten a text to a width in points; what was cut shows as an ellipsis."""
    font = fonts()[0]
    if font.width(text, size) <= width:
        return text
    while text and font.width(text + "…", size) > width:
        text = text[:-1]
    return text + "…"


def statement_pdf(told: Statement, made_at: datetime) -> bytes:
    """Write a statement as a PDF in the language of the page."""
    regular, bold = fonts()
    return pdf_pages.write(
        _pages(told, made_at),
        title=f"{T('거래 명세서', 'Statement')} · {told.wallet.label}",
        language="ko" if formats.in_korean() else "en",
        regular=regular,
        bold=bold,
        made=made_at.astimezone(UTC).strftime("%Y%m%d%H%M%S"),
    )


def _pages(told: Statement, made_at: datetime) -> list[list[Text | Rule]]:
    pages: list[list[Text | Rule]] = []
    page, y = _first(told)
    waiting = list(told.rows)
    while True:
        y = _heads(page, y)
        while waiting and y < FOOT - 40:
            _row(page, y, waiting.pop(0), told.wallet.unit)
            y += LINE
        pages.append(page)
        if not waiting:
            break
        page, y = [], TOP
    _end(page, y, told)
    for number, one in enumerate(pages, 1):
        _foot(one, number, len(pages), told, made_at)
    return pages


def _first(told: Statement) -> tuple[list[Text | Rule], float]:
    wallet, unit = told.wallet, told.wallet.unit
    days = f"{formats.day(told.first, weekday=False)} – {formats.day(told.last, weekday=False)}"
    page: list[Text | Rule] = [
        Text(LEFT, TOP, 19, str(T("거래 명세서", "Statement")), bold=True),
        Text(RIGHT, TOP, 10, days, right=True),
        Rule(LEFT, TOP + 10, RIGHT, TOP + 10, 1),
        Text(LEFT, TOP + 32, 12, fitted(wallet.label, 300, 12), bold=True),
        Text(LEFT, TOP + 48, 9, fitted(f"{wallet.book}  {wallet.handle or ''}".strip(), 300)),
        Text(LEFT, TOP + 62, 9, f"{T('세는 것', 'Counted in')}: {_counted(unit)}"),
    ]
    facts: Sequence[tuple[T, int]] = (
        (T("처음 잔액", "Opening balance"), told.opening),
        (T("들어온 것", "Came in"), told.came),
        (T("나간 것", "Went out"), told.went),
        (T("마지막 잔액", "Closing balance"), told.closing),
    )
    y = TOP + 32
    for place, (name, number) in enumerate(facts):
        last = place == len(facts) - 1
        page.append(Text(380, y, 9, str(name), bold=last))
        text = _plain(number, unit)
        page.append(Text(RIGHT, y, 9, text, bold=last, right=True))
        y += 15
    return page, y + 16


def _counted(unit: str) -> str:
    name = str(money_words.UNIT_NAMES[unit])
    return f"{name} ({T('원', 'won')})" if unit in ("LOCAL", "VCH") else name


def _heads(page: list[Text | Rule], y: float) -> float:
    for x, head in zip(COLUMNS, HEADS[:3], strict=True):
        page.append(Text(x, y, 8.5, str(head), bold=True))
    for x, head in zip(NUMBERS, HEADS[3:], strict=True):
        page.append(Text(x, y, 8.5, str(head), bold=True, right=True))
    page.append(Rule(LEFT, y + 6, RIGHT, y + 6, 0.8))
    return y + LINE + 2


def _row(page: list[Text | Rule], y: float, row: Passage, unit: str) -> None:
    moved = _plain(row.delta, unit) if row.delta else f"({_plain(row.amount, unit)})"
    moved = "+" + moved if row.delta > 0 else moved
    page += [
        Text(COLUMNS[0], y, 9, formats.day(row.event_date, weekday=False)),
        Text(COLUMNS[1], y, 9, fitted(row.other, COLUMNS[2] - COLUMNS[1] - 8)),
        Text(COLUMNS[2], y, 9, fitted(row.purpose, 120)),
        Text(NUMBERS[0], y, 9, moved, right=True),
        Text(NUMBERS[1], y, 9, _plain(row.after, unit), right=True),
        Rule(LEFT, y + 6, RIGHT, y + 6, 0.25),
    ]


def _plain(number: int, unit: str) -> str:
    """An amount in a narrow column; what it counts stands at the head of the page."""
    if unit == "TIME":
        return money_words.amount(number, unit)
    return (money_words.MINUS if number < 0 else "") + f"{abs(number):,}"


def _end(page: list[Text | Rule], y: float, told: Statement) -> None:
    if not told.rows:
        page.append(
            Text(LEFT, y, 9, str(T("이 기간에는 오간 것이 없습니다.", "Nothing in this period.")))
        )
    if any(not row.delta for row in told.rows):
        note = T(
            "괄호 안은 보류와 그 해제로, 잔액을 바꾸지 않습니다.",
            "Amounts in brackets are holds and their release; they do not change the balance.",
        )
        page.append(Text(LEFT, y + 4, 8, str(note)))


def _foot(
    page: list[Text | Rule], number: int, count: int, told: Statement, made_at: datetime
) -> None:
    made = T("%(at)s에 두레에서 만듦", "made by Dure, %(at)s") % {"at": formats.instant(made_at)}
    page += [
        Rule(LEFT, FOOT, RIGHT, FOOT, 0.5),
        Text(LEFT, FOOT + 14, 8, made),
        Text(RIGHT, FOOT + 14, 8, f"{number} / {count}", right=True),
    ]

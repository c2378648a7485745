"""Synthetic organisation lists for benchmarks and tests: invented names, numbers and addresses.

Business numbers start with 999, corporate numbers with 9999, mail domains are `example.invalid`:
nothing here is a real organisation, person, number or address.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from dure.engines.business_number import business_check_digit
from dure.engines.verdicts import KINDS

LABELS = (
    "연번", "기관명", "유형", "상태", "자치구", "주소", "사업자등록번호", "법인등록번호", "설립일",
    "종료일", "조합원수", "출자금(원)", "소속연합회", "대표메일", "비고",
)  # fmt: skip
DISTRICTS = (
    "종로구", "중구", "용산구", "성동구", "광진구", "동대문구", "중랑구", "성북구", "강북구",
    "도봉구",
    "노원구", "은평구", "서대문구", "마포구", "양천구", "강서구", "구로구", "금천구", "영등포구",
    "동작구", "관악구", "서초구", "강남구", "송파구", "강동구",
)  # fmt: skip
FIRST = (
    "가람", "나래", "다솜", "라온", "마루", "바른", "새벽", "아라", "자작", "차오름", "카람",
    "타래",
    "파란", "하늬", "고운", "너울", "도담", "미르", "보듬", "소담",
)  # fmt: skip
SECOND = ("솔", "벼리", "누리", "터", "샘", "별", "나루", "뜰", "재", "결")
KIND_LABELS = tuple(label for label, code in KINDS.items() if code != "federation")[:11]


def business_number(index: int) -> str:
    """The index-th synthetic business number, hyphens in their places."""
    nine = f"999{index // 10_000:02d}{index % 10_000:04d}"
    digits = nine + str(business_check_digit(nine))
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"


def rows(count: int, districts: Sequence[str] = DISTRICTS) -> Iterator[tuple[str, ...]]:
    """`count` rows, at most 1,000,000, all of verdict ok, each row a function of its number."""
    for i in range(count):
        name = f"{FIRST[i % 20]}{SECOND[i // 20 % 10]}{i}호"
        gu = districts[i % len(districts)]
        year, month, day = 2000 + i % 25, 1 + i % 12, 1 + i % 28
        corporate = f"9999{i // 10_000_000:02d}-{i % 10_000_000:07d}"
        yield (
            str(i + 1), name, KIND_LABELS[i % 11], "운영중", gu, f"서울특별시 {gu} 없는길 {i + 1}",
            business_number(i), corporate, f"{year}-{month:02d}-{day:02d}", "", str(5 + i % 400),
            str((1 + i % 500) * 100_000), "", f"office{i + 1}@example.invalid", "",
        )  # fmt: skip


def write_csv(path: Path, count: int, districts: Sequence[str] = DISTRICTS) -> None:
    """Write a synthetic list as UTF-8 with a byte order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(LABELS)
        writer.writerows(rows(count, districts))


def write_xlsx(path: Path, count: int, districts: Sequence[str] = DISTRICTS) -> None:
    """Write a synthetic list as a workbook of typed cells."""
    from openpyxl import Workbook  # heavy, and needed here alone

    book = Workbook(write_only=True)
    sheet = book.create_sheet("기관목록")
    sheet.append(LABELS)
    for row in rows(count, districts):
        cells: list[object] = list(row)
        for index in (0, 10, 11):
            cells[index] = int(row[index])
        sheet.append(cells)
    book.save(path)

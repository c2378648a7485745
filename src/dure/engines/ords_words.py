"""Words of the Open Repair Data Standard 0.3: outcomes, barriers and product categories.

Nouns: an *outcome* is how a repair ended; a *barrier* is what prevented it; a *category* is one of
forty kinds of device, by the number that the standard gives it.
Source: Open Repair Alliance, table schema of the 2025-07 release and product categories v0.3. The
Korean names are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a repair ended."""

    FIXED = "fixed"
    REPAIRABLE = "repairable"
    END_OF_LIFE = "end_of_life"
    UNKNOWN = "unknown"


class Barrier(StrEnum):
    """What prevented a repair, when the device is at the end of its life."""

    PARTS_UNAVAILABLE = "parts_unavailable"
    PARTS_EXPENSIVE = "parts_expensive"
    NO_WAY_TO_OPEN = "no_way_to_open"
    NO_INFORMATION = "no_information"
    NO_EQUIPMENT = "no_equipment"
    WORN_OUT = "worn_out"


STATUS_TEXT: Mapping[Outcome, str] = {
    Outcome.FIXED: "Fixed",
    Outcome.REPAIRABLE: "Repairable",
    Outcome.END_OF_LIFE: "End of life",
    Outcome.UNKNOWN: "Unknown",
}
BARRIER_TEXT: Mapping[Barrier, str] = {
    Barrier.PARTS_UNAVAILABLE: "Spare parts not available",
    Barrier.PARTS_EXPENSIVE: "Spare parts too expensive",
    Barrier.NO_WAY_TO_OPEN: "No way to open product",
    Barrier.NO_INFORMATION: "Repair information not available",
    Barrier.NO_EQUIPMENT: "Lack of equipment",
    Barrier.WORN_OUT: "Too worn out",
}
BARRIER_SPELLINGS: Mapping[str, Barrier] = {
    "item too worn out": Barrier.WORN_OUT,
    "worn out": Barrier.WORN_OUT,
    "spare parts unavailable": Barrier.PARTS_UNAVAILABLE,
}


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of device: its number and English name in the standard, and our Korean name."""

    id: int
    en: str
    ko: str


CATEGORIES: Mapping[int, Category] = {
    category.id: category
    for category in (
        Category(1, "Aircon/dehumidifier", "에어컨·제습기"),
        Category(2, "Battery/charger/adapter", "배터리·충전기·어댑터"),
        Category(3, "Decorative or safety lights", "장식등·안전등"),
        Category(4, "Desktop computer", "데스크톱 컴퓨터"),
        Category(5, "Digital compact camera", "콤팩트 디지털카메라"),
        Category(6, "DSLR/video camera", "DSLR·비디오카메라"),
        Category(7, "Fan", "선풍기"),
        Category(8, "Flat screen", "평면 화면(모니터·TV)"),
        Category(9, "Hair & beauty item", "이미용 기기"),
        Category(10, "Handheld entertainment device", "휴대용 오락 기기"),
        Category(11, "Headphones", "헤드폰"),
        Category(12, "Hi-Fi integrated", "일체형 오디오"),
        Category(13, "Hi-Fi separates", "분리형 오디오"),
        Category(14, "Kettle", "전기 주전자"),
        Category(15, "Lamp", "전등·스탠드"),
        Category(16, "Laptop", "노트북"),
        Category(17, "Large home electrical", "대형 가전"),
        Category(18, "Misc", "기타"),
        Category(19, "Mobile", "휴대전화"),
        Category(20, "Musical instrument", "악기"),
        Category(21, "Paper shredder", "문서 파쇄기"),
        Category(22, "PC accessory", "컴퓨터 주변기기"),
        Category(23, "Portable radio", "휴대용 라디오"),
        Category(24, "Power tool", "전동 공구"),
        Category(25, "Printer/scanner", "프린터·스캐너"),
        Category(26, "Projector", "프로젝터"),
        Category(27, "Sewing machine", "재봉틀"),
        Category(28, "Small home electrical", "소형 가전"),
        Category(29, "Small kitchen item", "소형 주방 가전"),
        Category(30, "Tablet", "태블릿"),
        Category(31, "Toaster", "토스터"),
        Category(32, "Toy", "장난감"),
        Category(33, "TV and gaming-related accessories", "TV·게임 주변기기"),
        Category(34, "Vacuum", "청소기"),
        Category(35, "Watch/clock", "손목시계·시계"),
        Category(36, "Coffee maker", "커피 메이커"),
        Category(37, "Food processor", "믹서·푸드프로세서"),
        Category(38, "Games console", "게임기"),
        Category(39, "Hair dryer", "헤어드라이어"),
        Category(40, "Iron", "다리미"),
    )
}
CATEGORY_MISC = 18

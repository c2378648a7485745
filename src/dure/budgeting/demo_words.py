"""What the demo's rounds are made of: invented ideas, nobody's own."""

from __future__ import annotations

from dataclasses import dataclass

SOURCE = "시연용으로 지어낸 견적"


@dataclass(frozen=True, slots=True)
class Idea:
    """An invented proposal with its English name, field, cost and a spot in the district."""

    title: str
    title_en: str
    need: str
    place: str
    field: str
    cost_won: int
    spot: tuple[int, int]  # latitude and longitude in 10⁻⁵ degrees; nobody's address


IDEAS = (
    Idea(
        "골목 의자 스무 곳",
        "Twenty benches in the lanes",
        "어르신이 장을 보고 오시다 쉴 곳이 없습니다. 그늘진 곳에 등받이 있는 의자를 놓아 주세요.",
        "없는길 1부터 20까지",
        "care",
        48_000_000,
        (3_756_300, 12_690_800),
    ),
    Idea(
        "밤길을 밝히는 낮은 등",
        "Low lamps for the way home",
        "골목 안쪽이 어두워 밤에 다니기 무섭습니다. 눈부시지 않은 낮은 등이면 좋겠습니다.",
        "없는길 35 뒷골목",
        "safety",
        96_000_000,
        (3_755_600, 12_692_300),
    ),
    Idea(
        "빗물 정원",
        "A rain garden",
        "비가 많이 오면 물이 고입니다. 물을 머금는 정원을 만들면 보기에도 좋습니다.",
        "시연 공원 서쪽",
        "green",
        130_000_000,
        (3_757_900, 12_689_000),
    ),
    Idea(
        "동네 도서관 밤 열 시까지",
        "The library open till ten",
        "퇴근하고 오면 늘 닫혀 있습니다. 일주일에 사흘이라도 늦게까지 열어 주세요.",
        "시연 도서관",
        "culture",
        72_000_000,
        (3_756_600, 12_690_100),
    ),
    Idea(
        "함께 쓰는 공구 창고",
        "A shared tool shed",
        "한 해에 한두 번 쓰는 공구를 집마다 살 필요가 없습니다. 빌려 쓸 곳을 만들어 주세요.",
        "시연 마을회관 마당",
        "care",
        38_000_000,
        (3_754_700, 12_694_900),
    ),
    Idea(
        "학교 앞 느린 길",
        "A slow street by the school",
        "아침마다 차가 빨리 지나갑니다. 길을 높이고 색을 달리해 천천히 가게 해 주세요.",
        "시연 초등학교 앞",
        "safety",
        210_000_000,
        (3_755_300, 12_691_200),
    ),
)

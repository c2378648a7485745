"""A sixth sector in one file: neighbours swap clothes. Nothing else of the house knows of it."""

from __future__ import annotations

from dataclasses import dataclass

from dure.core.text import T
from dure.core.types import Count, Line
from dure.exchange.declaration import (
    HOLD_SLOT,
    RELEASE_SLOT,
    ByKind,
    Fact,
    Process,
    Role,
    Seen,
    States,
    after,
    notify,
    record,
    start,
    step,
    timer,
)


class S(States):
    """Where a piece hangs."""

    WANTED = "wanted", "찜함", "Wanted"
    KEPT = "kept", "걸어 둠", "Kept on its hook"
    SWAPPED = "swapped", "바꿈", "Swapped"
    GONE = "gone", "그만둠", "Given up"


TAKER = Role("taker", T("가져갈 사람", "taker"), confirms=True)
KEEPER = Role("keeper", T("옷장 지기", "wardrobe keeper"), works="hosting")


@dataclass(frozen=True, slots=True)
class Terms:
    """What is brought in return."""

    pieces: Count
    size: Line | None = None


def facts(seen: Seen) -> tuple[Fact, ...]:
    """The pieces that found somebody new."""
    return (Fact("reuse.handover", seen.terms.pieces, seen.now, seen.now),)


CLOTHING_SWAP = Process(
    "clothing_swap",
    version=1,
    sector="repair",
    text=T("옷 바꿔 입기", "Clothing swap"),
    states=S,
    roles=(TAKER, KEEPER),
    terms=Terms,
    facts=facts,
    transitions=(
        start(
            "want",
            S.WANTED,
            T("찜하기", "Want it"),
            by=(TAKER,),
            binds=TAKER,
            needs=("asset", "slot"),
        ),
        step(
            "keep",
            S.WANTED,
            S.KEPT,
            T("걸어 두기", "Keep it"),
            by=(KEEPER,),
            do=(HOLD_SLOT, notify(TAKER)),
        ),
        timer("forget", S.WANTED, S.GONE, after(days=3), T("잊힘", "Forgotten")),
        step(
            "swap",
            S.KEPT,
            S.SWAPPED,
            T("바꾸기", "Swap"),
            by=(KEEPER, TAKER),
            kind=ByKind.BOTH,
            do=(RELEASE_SLOT, record("reuse.handover", evidence="B")),
        ),
        timer(
            "let_go",
            S.KEPT,
            S.GONE,
            after(days=7),
            T("찾아가지 않음", "Not fetched"),
            do=(RELEASE_SLOT,),
        ),
    ),
)

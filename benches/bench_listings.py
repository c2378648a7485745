"""Search among 200,000 listings: p95 of the database's time for a page of the list and its count.

Run as `python benches/bench_listings.py`; prints one JSON line. Titles are synthetic.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "benches")]

from own_database import cpu_ms, measured, p95  # noqa: E402

ROWS = int(os.environ.get("BENCH_ROWS", "200000"))
TARGET_MS = 50

WHO = ("이웃", "골목", "주말", "저녁", "아침", "급한", "가벼운", "오래된", "새", "작은", "큰")
WHAT = (
    "전동 드릴", "사다리", "손수레", "텐트", "재봉틀", "믹서", "그림책", "자전거", "휠체어",
    "화분 흙갈이", "반찬 만들기", "컴퓨터 배우기", "영어 편지 읽기", "강아지 산책", "책장 옮기기",
    "바짓단 줄이기", "수도꼭지 손보기", "병원 동행", "장보기", "숙제 봐주기", "기타 배우기",
)  # fmt: skip
ENDS = ("나눠요", "빌려드려요", "도와주세요", "구해요", "함께해요", "가르쳐 드려요", "바꿔요")
QUERIES = (
    "드릴", "드리", "전동드", "사다리", "텐트", "텐ㅌ", "화분", "흙갈", "강아지 산책", "책장",
    "바짓단", "병원", "없는낱말", "나눠요", "빌려", "이웃 텐트", "오래된 재봉틀", "영어편지", "장",
    "급한 병원 동행", "ㄷㄹ", "ㅈㄷㄷㄹ",
)  # fmt: skip


def load(count: int) -> None:
    """Write listings straight into the table, marked; a tenth are closed."""
    from django.db import connection, transaction

    from dure.exchange.searching import key_of

    chance = random.Random(7)
    audit = str(uuid.UUID(int=1))
    first = datetime(2025, 1, 1, tzinfo=UTC)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT sig FROM registry_district ORDER BY sig")
        districts = [sig for (sig,) in cursor.fetchall()]
        cursor.execute(
            "SELECT set_config('dure.action', %s || '@' || pg_current_xact_id(), true)", [audit]
        )
        with cursor.copy(
            "COPY exchange_listing (id, side, person, title, text, search_key, qty_min, qty_max,"
            " unit, to_place, reciprocity, terms, state, created_at, closed_at, audit,"
            " district_id, audience, place) FROM STDIN"
        ) as copy:
            for number in range(count):
                title = f"{chance.choice(WHO)} {chance.choice(WHAT)} {chance.choice(ENDS)}"
                title = f"{title} {number % 89}"
                at = first + timedelta(minutes=number)
                closed = at if chance.random() < 0.1 else None
                copy.write_row((
                    uuid.uuid4(), chance.choice(("offer", "request")), uuid.uuid4(), title, "",
                    key_of(title, most=400), 1, 1, "C62", "", "gift", "{}",
                    "closed" if closed else "open", at, closed, audit,
                    chance.choice(districts), chance.choice(("public", "public", "district")), "",
                ))  # fmt: skip


def measure() -> dict[str, object]:
    """Time every query as the page asks it: a count of at most 1,000, then twenty rows."""
    from django.db import connection

    from dure.core.actors import Actor
    from dure.exchange.queries.browsing import Filters, found, rows_of

    spent: list[float] = []

    def timed(execute, sql, params, many, context):  # type: ignore[no-untyped-def]  # Django's wrapper
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent[-1] += time.perf_counter() - start

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    every: list[float] = []
    on_cpu: list[float] = []
    by_query: dict[str, float] = {}
    for _ in range(5):
        for query in QUERIES:
            spent.append(0.0)
            before = cpu_ms(backend)
            with connection.execute_wrapper(timed):
                rows = found(Filters(text=query), Actor.anonymous())
                rows.count()
                rows_of(rows[:20])
            by_query[query] = spent[-1] * 1000
            every.append(spent[-1] * 1000)
            on_cpu.append(cpu_ms(backend) - before)
    slowest = sorted(by_query.items(), key=lambda item: -item[1])[:6]
    return {
        "bench": "listings",
        "listings": ROWS,
        "queries": len(QUERIES),
        "p95_ms": round(p95(every), 1),
        "cpu_p95_ms": round(p95(on_cpu), 1),
        "median_ms": round(statistics.median(every), 2),
        "slowest": {query: round(ms, 1) for query, ms in slowest},
        "target_p95_ms": TARGET_MS,
    }


def main() -> int:
    """Measure among so many rows; 1 when it takes longer than it may."""
    answer = measured(lambda: load(ROWS), measure)
    return 0 if float(str(answer["p95_ms"])) <= TARGET_MS else 1


if __name__ == "__main__":
    sys.exit(main())

"""Search over 100,000 organisations: p95 of the database's time, beside a plain `icontains`.

Run as `python benches/bench_search.py`; prints one JSON line. Names are synthetic.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "benches")]

from own_database import cpu_ms, measured, p95  # noqa: E402

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))

HEADS = (
    "가람", "나래", "다솜", "라온", "마루", "바다", "사랑", "아라", "자람", "차오름", "카페",
    "타래", "파란", "하늘", "한별", "두레", "꿈꾸는", "까치", "미리내", "새벽", "온누리", "은하",
    "푸른", "햇살", "해오름", "늘봄", "도담", "꽃피는", "해맑은", "울림",
)  # fmt: skip
MIDDLES = (
    "나루", "벼리", "누리", "샘", "터", "솔", "빛", "결", "숲", "마을", "골목", "장터", "들",
    "뜰", "집", "방", "길", "품", "손", "밥상", "살림", "돌봄", "에너지", "공방", "배움",
    "먹거리", "텃밭", "재생", "디자인", "수리", "주거", "연구", "문화", "예술", "교육",
)  # fmt: skip
TAILS = (
    "협동조합", "사회적협동조합", "소비자협동조합", "생산자협동조합", "직원협동조합", "연합회",
    "마을기업", "사회적기업", "공동체", "랩", "센터", "조합", "네트워크", "자활기업",
)  # fmt: skip
QUERIES = (
    "협동", "협동조합", "한별", "한벼", "두레", "두렝", "나루", "에너지", "에너", "ㄷㄹ",
    "ㅎㅂㄴㄹ", "ㅎㄷ", "ㅎㄷㅈㅎ", "ㄲㄲㄴ", "사회적기업", "연합", "꽃피는공방", "없는말",
    "쀓쀓", "12", "가람나루협동조합", "카페", "까치", "ㄱㅊ", "ㅅㅎㅈ", "늘봄돌봄", "돌봄",
    "ㄷㅂ", "마을기업", "울림 연구", "디자인수리", "바다먹거리센터", "ㅇㄹㄴㄹ", "라온ㄴ", "ㅋㅍ",
)  # fmt: skip


def names(count: int) -> list[str]:
    """Synthetic names, the same every time."""
    chance = random.Random(20260701)
    made = []
    for number in range(count):
        name = chance.choice(HEADS) + chance.choice(("", " ")) + chance.choice(MIDDLES)
        if chance.random() < 0.4:
            name += chance.choice(MIDDLES)
        name += chance.choice(TAILS)
        made.append(f"{name} {number % 97}호" if chance.random() < 0.3 else name)
    return made


def load(count: int) -> None:
    """Write organisations, names, states and statuses straight into the tables, marked."""
    from django.db import connection, transaction

    from dure.engines import hangul

    chance = random.Random(7)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sig FROM registry_district ORDER BY sig")
        districts = [sig for (sig,) in cursor.fetchall()]
    codes = (
        "coop.consumer",
        "coop.producer",
        "coop.worker",
        "coop.social",
        "se.certified",
        "village",
    )
    audit = str(uuid.UUID(int=1))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('dure.action', %s || '@' || pg_current_xact_id(), true)", [audit]
        )
        ids = [uuid.UUID(int=chance.getrandbits(128), version=4) for _ in range(count)]
        with cursor.copy(
            "COPY registry_organisation (id, name, name_en, name_key, jamo_keys, initials_keys,"
            " form, district_id, annulled, created_at, audit) FROM STDIN"
        ) as copy:
            for pk, name in zip(ids, names(count), strict=True):
                copy.write_row((
                    pk, name, "", hangul.search_key(name), hangul.jamo_key(name),
                    hangul.paired_initials(name), "corporation",
                    chance.choice(districts), False, "2026-01-01T00:00:00Z", audit,
                ))  # fmt: skip
        with cursor.copy(
            "COPY registry_orgstate (id, organisation_id, state, valid, audit) FROM STDIN"
        ) as copy:
            for pk in ids:
                copy.write_row(
                    (
                        uuid.uuid4(),
                        pk,
                        "operating" if chance.random() < 0.9 else "paused",
                        "[2020-01-01,)",
                        audit,
                    )
                )
        with cursor.copy(
            "COPY registry_orgstatus (id, organisation_id, code, issuer, certificate,"
            " evidence_class, valid, audit) FROM STDIN"
        ) as copy:
            for pk in ids:
                copy.write_row(
                    (uuid.uuid4(), pk, chance.choice(codes), "", "", "A", "[2020-01-01,)", audit)
                )


def measure() -> dict[str, object]:
    """Time every query, in the database alone (EXPLAIN ANALYZE would count itself)."""
    from django.db import connection

    from dure.registry.models import Organisation
    from dure.registry.queries.search import Filters, search

    spent: list[float] = []

    def timed(execute, sql, params, many, context):  # type: ignore[no-untyped-def]  # Django's wrapper
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent[-1] += time.perf_counter() - start

    ours: dict[str, float] = {}
    every: list[float] = []
    on_cpu: list[float] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    for _ in range(5):
        for query in QUERIES:
            spent.append(0.0)
            before = cpu_ms(backend)
            with connection.execute_wrapper(timed):
                search(Filters(text=query))
            ours[query] = spent[-1] * 1000
            every.append(spent[-1] * 1000)
            on_cpu.append(cpu_ms(backend) - before)
    plain: list[float] = []
    rows = Organisation.objects.everything("the comparison reads what the search reads")
    for query in QUERIES:
        start = time.perf_counter()
        list(rows.filter(name__icontains=query).order_by("name")[:20])
        rows.filter(name__icontains=query)[:1001].count()
        plain.append((time.perf_counter() - start) * 1000)
    slowest = sorted(ours.items(), key=lambda item: -item[1])[:6]
    return {
        "bench": "search",
        "organisations": ROWS,
        "queries": len(QUERIES),
        "p95_ms": round(p95(every), 1),
        "cpu_p95_ms": round(p95(on_cpu), 1),
        "median_ms": round(statistics.median(every), 2),
        "icontains_p95_ms": round(p95(plain), 1),
        "icontains_median_ms": round(statistics.median(plain), 1),
        "slowest": {query: round(ms, 1) for query, ms in slowest},
        "target_p95_ms": 30,
    }


def main() -> int:
    """Measure among so many rows; 1 when it takes longer than it may."""
    answer = measured(lambda: load(ROWS), measure)
    return 0 if float(str(answer["p95_ms"])) <= 30 else 1


if __name__ == "__main__":
    sys.exit(main())

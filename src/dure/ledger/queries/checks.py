"""Checking the books: what does not agree, part by part."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.db import connection, transaction

from dure.core.text import T
from dure.ledger.models import Transfer

FAULTS_MAX = 1000
WORK_MEMORY = "64MB"  # of a sum by account, for as long as a check runs
# part → its view; bodies and seals are hashes over every row, and slower
PARTS: dict[str, tuple[str, T]] = {
    "replay": ("ledger_check_replay", T("잔액과 보류를 다시 셈", "balances and holds by replay")),
    "accounts": ("ledger_check_accounts", T("한도와 합계", "limits and sums")),
    "refs": ("ledger_check_refs", T("앞 이체와의 관계", "rows that refer to others")),
    "periods": ("ledger_check_periods", T("마감", "closed periods")),
    "lots": ("ledger_check_lots", T("발행 묶음", "lots")),
    "bodies": ("ledger_check_bodies", T("내용 해시", "body hashes")),
    "seals": ("ledger_check_seals", T("봉인", "seals")),
}
HASHES = ("bodies", "seals")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not agree, and where."""

    fault: str
    place: str
    detail: str


@dataclass(frozen=True, slots=True)
class PartChecked:
    """One part: its faults (at most 1,000) and how long it took."""

    part: str
    text: T
    faults: tuple[Fault, ...]
    milliseconds: int


@dataclass(frozen=True, slots=True)
class BooksChecked:
    """What a check of all books saw."""

    transfers: int
    parts: tuple[PartChecked, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All faults, in the order of the parts."""
        return tuple(fault for part in self.parts for fault in part.faults)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def check_books(*, hashes: bool = True) -> BooksChecked:
    """Compute everything again; with `hashes` the bodies and the seals too."""
    names = [name for name in PARTS if hashes or name not in HASHES]
    parts = tuple(part_checked(name) for name in names)
    return BooksChecked(Transfer.rows.count(), parts)


def part_checked(name: str) -> PartChecked:
    """Compute one part again, and tell how long it took."""
    view, text = PARTS[name]
    began = time.perf_counter()
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", [WORK_MEMORY])
        cursor.execute(
            f"SELECT fault, place, detail FROM {view} LIMIT %s",  # noqa: S608  # a name above
            [FAULTS_MAX],
        )
        faults = tuple(Fault(*row) for row in cursor.fetchall())
    return PartChecked(name, text, faults, round((time.perf_counter() - began) * 1000))

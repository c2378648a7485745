"""What the page of an agreement says of a shared ride: where, what it came to, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.core.text import T
from dure.exchange.queries import rides
from dure.interfaces.web import formats

PROOFS: Mapping[str, T] = {
    "both_taps": T("두 사람이 다 눌러 확인함: 거리로 셈", "Both tapped: its metres count"),
    "judged": T("코디네이터가 확인함: 거리로 셈", "A coordinator confirmed: its metres count"),
    "told": T("한 사람만 눌러서 거리로 세지 않음", "Only one side tapped: its metres do not count"),
    "too_short": T("2킬로미터가 안 되어 세지 않음", "Under 2 km: its metres do not count"),
    "too_soon": T(
        "같은 두 사람이 30분 안에 또 타서 세지 않음",
        "The same two within 30 minutes: its metres do not count",
    ),
}


def facts_of(case: Any) -> list[tuple[str, str]]:  # Any: a face names no model
    """Names and values beside those that every agreement has; none for another process."""
    if case.process != "carpool":
        return []
    board, alight = rides.halts_of(case)
    found = [
        (str(T("타는 곳", "Gets in at")), str(board)),
        (str(T("내리는 곳", "Gets out at")), str(alight)),
    ]
    share, proof = case.terms.get("share"), case.terms.get("proof")
    if share is not None and case.asset.terms.get("back") != "gift":
        by = T("함께 앉은 구간마다 나눔", "shared leg by leg among all aboard")
        found.append((str(T("나눈 차 비용", "Share of the cost")), f"{formats.won(share)} · {by}"))
    if proof in PROOFS:
        found.append((str(T("동승 확인", "Proof")), str(PROOFS[proof])))
    return found

"""`dure check books`: the ledger computed again; exit 0 only when it is clean."""

from __future__ import annotations

from dure.interfaces.cli.answers import Answer
from dure.ledger.queries import checks


def check_books(*, hashes: bool) -> Answer:
    """Every part with its faults, its time and, where it reads every row, its rate."""
    answer = Answer()
    seen = checks.check_books(hashes=hashes)
    answer.say(f"이체 {seen.transfers:,}건 · {seen.transfers:,} transfers")
    parts = []
    for part in seen.parts:
        rate = round(seen.transfers / max(part.milliseconds, 1) * 1000)
        sign = "✗" if part.faults else "✓"
        answer.say(
            f"{sign} {part.text.ko} · {part.text.en}: {len(part.faults)}"
            f" ({part.milliseconds:,} ms, {rate:,}/s)"
        )
        for fault in part.faults:
            answer.say(f"  {fault.fault}: {fault.place}: {fault.detail}")
        parts.append(
            {
                "part": part.part,
                "faults": [
                    {"fault": f.fault, "place": f.place, "detail": f.detail} for f in part.faults
                ],
                "milliseconds": part.milliseconds,
                "rate": rate,
            }
        )
    answer.facts = {"transfers": seen.transfers, "parts": parts}
    if not seen.is_clean:
        answer.refuse(
            "ledger.books",
            f"장부가 맞지 않습니다: {len(seen.faults)}곳. 위의 자리를 살펴봐 주세요.",
            f"The books do not agree: {len(seen.faults)} places. Please look at those above.",
        )
    return answer

"""Words of what is given away: who chooses, where it is handed over, whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.core.actors import Actor
from dure.core.text import T
from dure.exchange.queries import giving
from dure.interfaces.web import exchange_words as words
from dure.interfaces.web import formats

CONDITIONS: Mapping[str, T] = {
    "good": T("좋음", "Good"),
    "fair": T("쓸 만함", "Fair"),
    "repair": T("수리 필요", "Needs repair"),
}
CHOOSERS: Mapping[str, T] = {
    "giver": T("물려주는 이가 고름", "The giver chooses"),
    "first": T("먼저 부탁한 차례대로", "In the order of asking"),
    "coordinator": T("코디네이터가 고름", "A coordinator chooses"),
}


def context_of(listing: Any, actor: Actor) -> dict[str, object] | None:  # Any: a row of the room
    """What the pages of a listing say of the thing that it gives away; None for any other."""
    found = giving.of(listing, actor)
    if found is None:
        return None
    return {
        "told": found,
        "condition": str(CONDITIONS.get(found.condition, "")),
        "chooses": str(CHOOSERS[found.chooses]),
        "asks": [{"ask": one, "at": words.moment(one.at)} for one in found.asks],
    }


def facts_of(case: Any) -> list[tuple[str, str]]:  # Any: a face names no model
    """Names and values beside those that every agreement has; none for another process."""
    if case.process != "give_away":
        return []
    found = []
    if case.asset is not None and case.asset.lanes > 1:
        pieces = T("%(n)s개", "%(n)s") % {"n": formats.whole(case.asset.lanes)}
        found.append((str(T("몇 개", "How many")), pieces))
    if case.listing is not None:
        chooses = CHOOSERS[case.listing.terms.get("chooses", "giver")]
        found.append((str(T("누가 고르나", "Who chooses")), str(chooses)))
    if giving.promised_elsewhere(case):
        waits = T(
            "다른 이웃과 약속되어 있습니다. 그 이웃이 오지 않으면 차례가 이어집니다.",
            "It is promised to somebody else; the turn goes on if they do not come.",
        )
        found.append((str(T("차례", "Turn")), str(waits)))
    meeting = giving.meeting_of(case) if case.closed_at is None else None
    if case.state == "missed":
        why = T(
            "다른 이웃에게 갔거나 주인이 거두어들였습니다.",
            "It went to somebody else, or its owner withdrew it.",
        )
        found.append((str(T("까닭", "Why")), str(why)))
    if meeting is not None:
        found.append((str(T("만나는 곳", "Where to meet")), meeting.place))
    return found

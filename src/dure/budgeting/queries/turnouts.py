"""Turnout by part of the roll; small cells are hidden, and one beside a lone one.

The roll knows the neighbourhood of a person and neither age nor sex, so nothing is told by those.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from dure.budgeting.models import Call, kept_q
from dure.budgeting.queries import ballots
from dure.budgeting.queries.ballots import Turnout
from dure.core.actors import Actor
from dure.registry.models import Dong

CELL_MIN = 10
OVER = ("published", "following", "closed")


@dataclass(frozen=True, slots=True)
class TurnoutRow:
    """One part of the roll; None = hidden because too few people stand behind it."""

    part: str
    on_roll: int | None
    voted: int | None


@dataclass(frozen=True, slots=True)
class TurnoutView:
    """Turnout of a round. The whole is None where the roll itself is too small to tell.

    papers, void : papers that were merged, and those of them that count for nothing; `void` is
                   None where it is hidden. Told beside a published result alone
    """

    on_roll: int
    voted: int | None
    online: int | None
    paper: int | None
    rows: tuple[TurnoutRow, ...]
    hidden_count: int
    papers: int = 0
    void: int | None = 0


def turnout_view(call_id: UUID | str, actor: Actor) -> TurnoutView | None:
    """Turnout for whoever works for a round; None where there is no roll or no right to see it."""
    call: Call | None = Call.objects.within(actor).filter(kept_q(actor), pk=call_id).first()
    if call is None or call.roll_id is None:
        return None
    return disclosed(ballots.turnout(call))


def published_turnout(call_id: UUID | str, actor: Actor) -> TurnoutView | None:
    """Turnout beside a published result, for everybody; parts by their names.

    None before there is one, and for an imported election, which has no roll.
    """
    call: Call | None = Call.objects.within(actor).filter(pk=call_id).first()
    if call is None or call.roll_id is None or call.state not in OVER:
        return None
    told = disclosed(ballots.turnout(call))
    codes = {row.part for row in told.rows}
    names = dict(Dong.rows.filter(code__in=codes).order_by("valid").values_list("code", "name"))
    rows = tuple(replace(row, part=names.get(row.part, row.part)) for row in told.rows)
    papers, void = ballots.papers_void(call.pk)
    return replace(told, rows=rows, papers=papers, void=disclosed_void(papers, void))


def disclosed(exact: tuple[Turnout, ...]) -> TurnoutView:
    """Hide every part with fewer than ten voters or absent ones, and never one part alone.

    A part alone would follow from the whole by subtraction, so the next smallest is hidden too.
    The whole is told when it is at least ten on both sides; its channels likewise.

    >>> [row.voted for row in disclosed((Turnout("a", 90, 4, 0), Turnout("b", 90, 40, 2),
    ...                                  Turnout("c", 90, 30, 0))).rows]
    [None, 42, None]
    """
    voted = {one.part: one.online + one.paper for one in exact}
    on_roll = {one.part: one.on_roll for one in exact}
    small = _with_another({p for p in voted if _is_small(voted[p], on_roll[p])}, voted)
    few = _with_another({part for part, number in on_roll.items() if number < CELL_MIN}, on_roll)
    roll_all, voted_all = sum(on_roll.values()), sum(voted.values())
    is_told = not _is_small(voted_all, roll_all)
    online = sum(one.online for one in exact)
    paper = sum(one.paper for one in exact)
    by_channel = is_told and may_tell_channels(online, paper)
    return TurnoutView(
        roll_all,
        voted_all if is_told else None,
        online if by_channel else None,
        paper if by_channel else None,
        tuple(
            TurnoutRow(
                part,
                None if part in few else on_roll[part],
                voted[part] if part not in small and is_told else None,
            )
            for part in sorted(voted)
        ),
        len(small) if is_told else len(voted),
    )


def may_tell_channels(online: int, paper: int) -> bool:
    """Whether enough people voted each way, or nobody on paper.

    >>> may_tell_channels(40, 9), may_tell_channels(40, 10), may_tell_channels(4, 0)
    (False, True, True)
    """
    return min(online, paper) >= CELL_MIN or paper == 0


def disclosed_void(papers: int, void: int) -> int | None:
    """Papers that count for nothing, hidden where they or the others are fewer than ten.

    That there was none is told.

    >>> disclosed_void(90, 0), disclosed_void(90, 9), disclosed_void(90, 10), disclosed_void(90, 81)
    (0, None, 10, None)
    """
    return None if void and _is_small(void, papers) else void


def _with_another(hidden: set[str], sizes: dict[str, int]) -> set[str]:
    """The hidden parts, never one alone: then the next smallest with it."""
    rest = sorted((part for part in sizes if part not in hidden), key=lambda p: (sizes[p], p))
    return hidden | set(rest[:1]) if len(hidden) == 1 else hidden


def _is_small(voted: int, on_roll: int) -> bool:
    return voted < CELL_MIN or on_roll - voted < CELL_MIN

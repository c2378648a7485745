"""What budgeting states to the journal: turnout, money decided by residents, what became of it.

Law: counts of a round and a part of its roll, never of a person; a round made for trial and an
imported election state nothing, for they decided nothing here. In the demo all is made up and the
release says so, so its synthetic rounds do state.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time

from django.conf import settings

from dure.core import clock, facts
from dure.core.actions import line
from dure.journal.definitions import declared
from dure.journal.models import Event
from dure.journal.queries import standing_events

from .models import Award, AwardChange, Call, Result, Spending
from .queries.ballots import turnout

NOON = time(12)
VOTES = ("vote.eligible", "vote.cast")
AWARDED, SPENT, FINISHED = "budget.awarded", "budget.spent", "budget.finished"


def is_stated(call: Call) -> bool:
    """Whether what happens in a call goes to the journal."""
    return not call.imported_from and (not call.is_synthetic or bool(settings.DEMO))


def vote_over(call: Call) -> None:
    """State how many of each part of the roll might vote, and how many did, at the close."""
    if not is_stated(call):
        return
    parts = turnout(call)
    for label, counts in zip(
        VOTES,
        ([one.on_roll for one in parts], [one.online + one.paper for one in parts]),
        strict=True,
    ):
        what = label.removeprefix("vote.")
        rows = [
            facts.Row(
                source=f"budgeting.call:{call.id}:{what}:{one.part or 'all'}",
                qty=count,
                district=call.district_id,
                org=call.organisation_id,
                evidence="C",
                proof=call.roll_id,
                case_id=call.id,
                dims={"matter": "fund" if call.organisation_id else "budget"},
            )
            for one, count in zip(parts, counts, strict=True)
        ]
        facts.note(label, rows=rows)


def awarded(result: Result, awards: Iterable[Award]) -> None:
    """State the won of each winner; a corrected result takes back what the one before stated."""
    call = result.call
    if not is_stated(call):
        return
    rows = _taken_back(_standing(_before(result)), call)
    rows += [_row(one, "awarded", one.amount_won, result) for one in awards]
    facts.note(AWARDED, rows=rows)


def _before(result: Result) -> list[Award]:
    """The winners of the last result before this one that was published."""
    old = result.replaces
    while old is not None and not old.awards.exists():
        old = old.replaces
    return [] if old is None else list(old.awards.order_by("position"))


def amount_changed(change: AwardChange) -> None:
    """State the new won of a winner instead of the old, at the time its result was published.

    Nothing where nothing of it stands: an older round, or a result that was corrected since.
    """
    award = change.award
    call = award.result.call
    rows = _taken_back(_standing([award]), call, reason="outcome_changed")
    if rows and change.amount_won is not None:
        rows.append(_row(award, f"awarded:{change.pk}", change.amount_won, None, award.at))
        facts.note(AWARDED, rows=rows)


def _standing(awards: Iterable[Award]) -> list[str]:
    """Sources of the won of these winners that is stated now."""
    rows = standing_events((AWARDED,)).filter(case_id__in=[one.id for one in awards])
    return list(rows.values_list("source", flat=True))


def spent(spending: Spending) -> None:
    """State won spent on a winner, on the day it was paid."""
    award = spending.award
    if is_stated(award.result.call):
        day = min(datetime.combine(spending.paid_on, NOON, clock.SEOUL), clock.now())
        row = _row(award, f"spent:{spending.pk}", spending.amount_won, None, day)
        facts.note(SPENT, rows=[row])


def spending_taken_back(spending: Spending) -> None:
    """Reverse what was stated of a spending."""
    call = spending.award.result.call
    if is_stated(call):
        source = f"budgeting.award:{spending.award_id}:spent:{spending.pk}"
        facts.note(SPENT, rows=_taken_back([source], call))


def finished(change: AwardChange) -> None:
    """State that a winner was reported as finished."""
    award = change.award
    if is_stated(award.result.call):
        facts.note(FINISHED, rows=[_row(award, "finished", 1, None)])


def _row(
    award: Award, part: str, qty: int, result: Result | None, day: datetime | None = None
) -> facts.Row:
    call = award.result.call
    return facts.Row(
        source=f"budgeting.award:{award.id}:{part}",
        qty=qty,
        district=call.district_id,
        org=call.organisation_id,
        ended=day,
        evidence="C",
        proof=result.id if result else line().id,
        case_id=award.id,
        dims={
            "field": field_of(award.project.field.code if award.project.field else ""),
            "money": "fund" if call.organisation_id else "district",
        },
    )


def _taken_back(sources: Sequence[str], call: Call, *, reason: str = "typo") -> list[facts.Row]:
    """Reversals of what was stated; what never was (a round of before) needs none."""
    named = {facts.event_id(source): source for source in sources}
    stated = Event.rows.filter(uid__in=named).order_by("seq").values_list("uid", flat=True)
    return [
        facts.Row(
            source=f"{named[uid]}{'.' if named[uid].count(':') > 2 else ':'}back",
            qty=0,
            district=call.district_id,
            corrects=uid,
            correction="reversal",
            reason=reason,
        )
        for uid in stated
    ]


def field_of(code: str) -> str:
    """The journal's name of a call's own field: itself where the label knows it, else `other`.

    >>> field_of("safety"), field_of(""), field_of("brass_bands")
    ('safety', 'none', 'other')
    """
    known = next(one for one in declared() if one.code == AWARDED).dims["field"]
    return (code if code in known else "other") if code else "none"

"""What waits for one person in the rounds: a vote, a review to answer, an offer to merge."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from dure.budgeting.models import Call, MergeConsent, MergeOffer, Proposal, Review
from dure.budgeting.queries.ballots import OwnMark, own_mark
from dure.budgeting.queries.calls import CallRow, call_rows, calls
from dure.budgeting.queries.proposals import mine, proposal_rows
from dure.core import clock
from dure.core.actors import Actor
from dure.core.text import T
from dure.governance.models import RollEntry
from dure.registry.models import Dong

LIVING = ("sent", "returned", "accepted")
KEPT_MAX = 20


@dataclass(frozen=True, slots=True)
class VoteRow:
    """A round in which one is on the roll, with one's own mark; never what was chosen."""

    call: CallRow
    mark: OwnMark
    is_open: bool


@dataclass(frozen=True, slots=True)
class Waits:
    """A proposal that waits for its author: `kind` is returned, review or offer."""

    kind: str
    proposal: UUID
    title: str


def votes(actor: Actor) -> tuple[VoteRow, ...]:
    """The rounds on whose roll one stands, those that are voting first."""
    if actor.id is None:
        return ()
    rolls = RollEntry.objects.within(actor).filter(person=actor.id, standing="voting")
    rows = calls(actor).filter(roll__in=rolls.values("roll")).exclude(state="void")
    found = list(rows.select_related("roll")[:KEPT_MAX])
    told = zip(call_rows(found), found, strict=True)
    made = [VoteRow(row, own_mark(actor, one), one.state == Call.State.VOTING) for row, one in told]
    return tuple(sorted(made, key=lambda row: not row.is_open))


def waiting_votes(actor: Actor) -> tuple[VoteRow, ...]:
    """The rounds in which one may vote now and has not."""
    return tuple(row for row in votes(actor) if row.is_open and row.mark.channel is None)


def waiting_proposals(actor: Actor) -> tuple[Waits, ...]:
    """One's own proposals that were sent back, are reviewed unanswered or are to be merged."""
    if actor.id is None:
        return ()
    own = list(mine(actor).filter(state__in=LIVING)[:KEPT_MAX])
    names = {row.id: row.title for row in proposal_rows(own)}
    found = [Waits("returned", one.pk, names[one.pk]) for one in own if one.state == "returned"]
    accepted = [one.pk for one in own if one.state == Proposal.State.ACCEPTED]
    asked = Review.rows.filter(proposal__in=accepted, round=1, answer__isnull=True)
    unfit = asked.exclude(verdict="fit").order_by("at").values_list("proposal", flat=True)
    found += [Waits("review", pk, names[pk]) for pk in dict.fromkeys(unfit)]
    either = Q(source__in=names) | Q(target__in=names)
    said = MergeConsent.rows.filter(person=actor.behalf).values("offer")
    offers = MergeOffer.rows.filter(either, state=MergeOffer.State.OPEN).exclude(pk__in=said)
    for one in offers.order_by("offered_at"):
        pk = one.target_id if one.target_id in names else one.source_id
        found.append(Waits("offer", pk, names[pk]))
    return tuple(found)


def dong_choices(district: str) -> list[tuple[str, T]]:
    """Code and name of the neighbourhoods of a district today; empty where no list is loaded."""
    rows = Dong.rows.filter(district=district, valid__contains=clock.today()).order_by("name")
    return [(code, T(name, name)) for code, name in rows.values_list("code", "name")]

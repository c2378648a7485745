"""Local spending: the won that a case moved, stated beside the ledger's own rows.

Nouns: a *payment* is a row of the ledger by which won or voucher won reached a neighbour or an
organisation for a case; a *part* of it is what one event tells.
Law: the standing events of a case sum to what the ledger moved for it and did not move back, to
the won; each names its row. Nobody is named: an event says the sector, whether a neighbour or an
organisation was paid, and what the process's declaration says of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, Sum

from dure.core import facts
from dure.engines.splits import split
from dure.exchange.cases import process_of, seen
from dure.exchange.declaration import Portion
from dure.exchange.models import Agreement
from dure.journal.models import Event
from dure.journal.queries import standing_events
from dure.ledger.models import Account, Transfer
from dure.ledger.posting import Movement, keys_of
from dure.ledger.purposes import FEE
from dure.ledger.queries.groups import BACK, MOVES, WON_UNITS

LABEL = "spending.local"
LEDGER_SAYS = "source_restated"
NEIGHBOUR, ORGANISATION = "neighbour", "organisation"
_AGAIN = re.compile(r"(.+?)(?:_([0-9]+))?")


@dataclass(frozen=True, slots=True)
class Payment:
    """Won that one row moved, and whom they reached."""

    key: UUID
    amount: int
    payee: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one event tells of a payment."""

    payment: Payment
    dims: Mapping[str, str]
    amount: int


def state(
    movements: Sequence[Movement],
    cases: Iterable[Agreement] = (),
    reason: str = LEDGER_SAYS,
    first: int = 0,
) -> int:
    """State the won that the posted rows moved, and state again what they moved back.

    movements : rows of the running action's posting, in their order
    cases     : those that the caller has read already; the others are read
    reason    : why what was stated no longer stands
    first     : how many rows of the posting come before these
    Returns   the number of new events
    """
    count = 0
    paid = _payments(movements, first)
    if paid:
        known = _cases({group for group, _ in paid}, cases)
        rows = [
            row
            for (group, purpose), payments in paid.items()
            if group in known
            for row in _rows(known[group], purpose, payments)
        ]
        count = facts.note(LABEL, rows=rows) if rows else 0
    back = [one.ref for one in movements if one.kind in BACK and one.ref is not None]
    return count + (restate(back, reason) if back else 0)


def _payments(movements: Sequence[Movement], first: int) -> dict[tuple[UUID, str], list[Payment]]:
    """What reached somebody in won, by case and purpose. Of a payment between two books the row
    that arrives counts; a fee is no spending of the case."""
    moves = [
        (key, one)
        for key, one in zip(keys_of(movements, first), movements, strict=True)
        if one.kind in MOVES and one.purpose != FEE and one.group is not None
    ]
    payees = _payees({one.credit for _, one in moves}) if moves else {}
    found: dict[tuple[UUID, str], list[Payment]] = {}
    for key, one in moves:
        if one.credit in payees and one.group is not None:
            payment = Payment(key, one.amount, payees[one.credit])
            found.setdefault((one.group, one.purpose), []).append(payment)
    return found


def _payees(accounts: set[int]) -> dict[int, str]:
    """Of these accounts those that hold won, and whether a neighbour or an organisation owns
    them; what a holder has of one lot is the holder's."""
    rows = Account.rows.filter(pk__in=accounts, unit__code__in=WON_UNITS)
    rows = rows.exclude(type=Account.Type.CLEARING)
    owners = rows.values_list("pk", "owner_person", "parent__owner_person")
    return {
        pk: NEIGHBOUR if person is not None or holder is not None else ORGANISATION
        for pk, person, holder in owners
    }


def _cases(groups: set[UUID], known: Iterable[Agreement]) -> dict[UUID, Agreement]:
    found = {one.pk: one for one in known if one.pk in groups}
    missing = groups - found.keys()
    if missing:
        related = Agreement.rows.select_related("pool", "spec", "asset", "listing")
        found |= related.in_bulk(missing)
    return found


def _rows(case: Agreement, purpose: str, payments: Sequence[Payment]) -> Iterator[facts.Row]:
    process = process_of(case)
    told = process.divides(seen(case, process), purpose) if process.divides is not None else ()
    for part in parts(payments, told):
        name = ".".join((str(part.payment.key), *part.dims.values()))
        yield facts.Row(
            source=f"exchange.agreement:{case.pk}:{LABEL}:{name}",
            qty=part.amount,
            district=case.district_id,
            org=case.organisation_id,
            evidence="C",
            proof=part.payment.key,
            case_id=case.case_id,
            dims={"sector": process.sector, "payee": part.payment.payee, **part.dims},
            amount=part.amount,
            transfer=part.payment.key,
        )


def parts(payments: Sequence[Payment], told: Sequence[Portion]) -> list[Part]:
    """Cut payments so that each portion gets its share of their sum and each payment is whole.

    Both are walked together, so that there are fewer parts than payments and portions together;
    the shares sum exactly, by largest remainder. Nothing told: a part a payment.
    """
    weighed = [one for one in told if one.weight > 0]
    if not weighed:
        return [Part(one, {}, one.amount) for one in payments]
    shares = list(split(sum(one.amount for one in payments), [one.weight for one in weighed]))
    found = []
    place = 0
    for payment in payments:
        left = payment.amount
        while left > 0:
            taken = min(left, shares[place])
            if taken > 0:
                found.append(Part(payment, weighed[place].dims, taken))
            left -= taken
            shares[place] -= taken
            place += shares[place] == 0 and left > 0
    return found


# --- what goes back


def restate(transfers: Iterable[int], reason: str) -> int:
    """State again what rows of the ledger came to after they went back, whole or in part.

    What stands already is left alone, so that this may be asked twice. Times stay the payment's.
    """
    rows = {one.pk: one for one in Transfer.rows.filter(pk__in=set(transfers), kind__in=MOVES)}
    groups = {one.grp for one in rows.values()} - {None}
    cases = Agreement.rows.filter(pk__in=groups).values("case_id")
    events: dict[UUID, list[Event]] = {}
    told = Q(case_id__in=cases, transfer__in=[one.ikey for one in rows.values()])
    for event in standing_events((LABEL,)).filter(told) if rows else ():
        assert event.transfer is not None
        events.setdefault(event.transfer, []).append(event)
    back = Transfer.rows.filter(ref__in=rows, kind__in=BACK).values_list("ref_id")
    gone = dict(back.annotate(total=Sum("amount")).order_by())
    again = [
        row
        for one in rows.values()
        for row in _restated(events.get(one.ikey, []), one.amount - gone.get(one.pk, 0), reason)
    ]
    return facts.note(LABEL, rows=again) if again else 0


def _restated(events: Sequence[Event], stands: int, reason: str) -> Iterator[facts.Row]:
    """Reversals of these events of one row, and what of each still stands."""
    if not events or sum(one.qty for one in events) == stands:
        return
    for event, amount in zip(events, split(stands, [one.qty for one in events]), strict=True):
        yield facts.Row(
            source=f"{event.source}_r",
            qty=event.qty,
            district=event.district,
            corrects=event.uid,
            correction=Event.Correction.REVERSAL,
            reason=reason,
        )
        if amount > 0:
            yield _still(event, amount, reason)


def _still(event: Event, amount: int, reason: str) -> facts.Row:
    named = _AGAIN.fullmatch(event.source)
    assert named is not None, event.source
    return facts.Row(
        source=f"{named[1]}_{int(named[2] or 0) + 1}",
        qty=amount,
        district=event.district,
        org=event.org_id,
        began=event.began,
        ended=event.ended,
        evidence=event.evidence,
        proof=event.proof,
        case_id=event.case_id,
        dims=event.dims or {},
        amount=amount,
        transfer=event.transfer,
        corrects=event.uid,
        correction=Event.Correction.RESTATEMENT,
        reason=reason,
    )

"""Value: held when both agree, moved when it is done, given back when it is not.

Law: a movement is gathered here and posted by the action at its end, all in one statement; what a
case held is read from the ledger, never from this room.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dure.core import clock
from dure.exchange import accounts
from dure.exchange.declaration import Effect, Price
from dure.exchange.moments import last_moment
from dure.ledger.actions.holds import ending
from dure.ledger.models import Account, Transfer
from dure.ledger.payments import fee_of, movements_of, programme_of
from dure.ledger.posting import Kind, Movement
from dure.ledger.purposes import FEE

from .underway import Underway, effect


def prices_of(step: Underway) -> tuple[Price, ...]:
    """What the case is worth now; a price of nothing is none."""
    return tuple(one for one in _asked(step) if one.amount > 0)


def _asked(step: Underway) -> tuple[Price, ...]:
    return step.process.price(step.seen()) if step.process.price is not None else ()


@effect("hold_value")
def hold_value(step: Underway, what: Effect) -> None:
    """Set aside what the payer promised; it outlives every timer of the case."""
    until = last_moment(step.agreement, step.process, clock.now())
    for price in prices_of(step):
        for row in _rows(step, price):
            step.movements.append(replace(row, kind=Kind.HOLD, expires_at=until))


def _rows(step: Underway, price: Price) -> list[Movement]:
    payer, payee = accounts.pair(step.agreement, step.process, price)
    accounts.check_open((payer.pk, payee.pk))
    rows = movements_of(payer, payee, price.amount, price.purpose)
    return [replace(row, group=step.agreement.id) for row in rows]


@effect("void_value")
def void_value(step: Underway, what: Effect) -> None:
    """Give back all that is held."""
    holds = accounts.open_holds(step.agreement.id)
    _check(holds)
    step.movements.extend(ending(hold, Kind.VOID) for hold in holds)


@effect("settle")
def settle(step: Underway, what: Effect) -> None:
    """Move what was held, by as much as the declaration says; a deposit goes back.

    What was agreed is what was held, whatever a listing or a thing asks by now. Where the hold has
    run out meanwhile, it is given back first and the same is posted anew.
    """
    holds = accounts.open_holds(step.agreement.id)
    _check(holds)
    running = _running(holds)
    lapsed = [hold for hold in holds if hold not in running]
    step.movements.extend(ending(hold, Kind.VOID) for hold in lapsed)
    asked = {price.purpose: price for price in _asked(step)}
    left = _together(running)
    for leg, amount in left.items():
        if leg.purpose != FEE:
            left[leg] = _settled(step, asked.get(leg.purpose), leg.purpose, amount)
    for leg, amount in left.items():
        if leg.purpose == FEE:
            left[leg] = min(amount, _fees(running, leg, {**left, leg: 0}))
    for hold in running:
        amount = min(left[_leg(hold)], hold.amount)
        left[_leg(hold)] -= amount
        if amount > 0:
            step.movements.append(ending(hold, Kind.SETTLE, amount))
        else:
            step.movements.append(ending(hold, Kind.VOID))
    missing = asked.keys() - {hold.purpose for hold in running}
    if missing:
        lapsed += accounts.expired(step.agreement.id)
    for leg, amount in _together(lapsed).items():
        if leg.purpose in missing and not leg.is_between:
            price = asked[leg.purpose]
            paid = _settled(step, price, leg.purpose, amount)
            if paid > 0:
                step.movements.extend(_rows(step, replace(price, amount=paid)))


def _together(holds: list[Transfer]) -> dict[Leg, int]:
    """What is held for each leg: one price may be held in several lots, and in two books."""
    found: dict[Leg, int] = {}
    for hold in holds:
        found[_leg(hold)] = found.get(_leg(hold), 0) + hold.amount
    return found


@dataclass(frozen=True, slots=True)
class Leg:
    """Holds that together hold one price: of one unit, out of the payer's book or into the
    payee's."""

    purpose: str
    unit: int
    is_between: bool


def _leg(hold: Transfer) -> Leg:
    payer = hold.debit
    return Leg(hold.purpose, payer.unit_id, payer.type == Account.Type.CLEARING)


def _fees(running: list[Transfer], fee: Leg, amounts: dict[Leg, int]) -> int:
    """The fees on what is really paid; what was held for them was by what it might come to."""
    paid = {_leg(one): one.debit for one in running if _leg(one).unit == fee.unit}
    due = 0
    for leg, account in paid.items():
        programme = programme_of(account) if amounts[leg] else None
        due += fee_of(programme, amounts[leg])[0] if programme is not None else 0
    return due


def _settled(step: Underway, price: Price | None, purpose: str, held: int) -> int:
    """How much of what was held is paid, the price as it was agreed."""
    agreed = Price("", held, "", "", purpose) if price is None else replace(price, amount=held)
    if step.process.settled is not None:
        return min(step.process.settled(step.seen(), agreed), held)
    return 0 if agreed.deposit else held


def _check(holds: list[Transfer]) -> None:
    accounts.check_open(end for hold in holds for end in (hold.debit_id, hold.credit_id))


def _running(holds: list[Transfer]) -> list[Transfer]:
    """Those that have not run out; one that has counts against its payer until it is ended."""
    now = clock.now()
    return [one for one in holds if one.expires_at is not None and one.expires_at > now]

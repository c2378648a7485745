"""Equipment loan (장비 빌리기), version 1: a thing of a library or of a neighbour, by lanes.

A fee and a deposit are held when it is booked; the fee moves when it comes back well, the deposit
only as a coordinator decides. A thing that is late blocks its lane until it is back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator

from dure.core import clock, parsers
from dure.core.text import T
from dure.core.types import Count, Line
from dure.exchange.counter import closed_at
from dure.exchange.declaration import (
    EXTEND_OPEN,
    EXTEND_SLOT,
    HAND_OUT,
    HOLD_SLOT,
    HOLD_VALUE,
    RELEASE_SLOT,
    SETTLE,
    VOID_VALUE,
    ByKind,
    Fact,
    Guard,
    Price,
    Process,
    Role,
    Seen,
    States,
    at,
    link,
    notify,
    record,
    ruled,
    start,
    step,
    timer,
)
from dure.exchange.terms import GivenIn, maintenance_due


class S(States):
    """Where a loan stands."""

    HELD = "held", "잠깐 맡아 둠", "Held for a moment"
    BOOKED = "booked", "예약됨", "Booked"
    DISPLACED = "displaced", "밀려남", "Displaced"
    OUT = "out", "빌려 감", "Out"
    OVERDUE = "overdue", "늦음", "Overdue"
    RETURNED = "returned", "돌아옴", "Returned"
    DAMAGED = "damaged", "망가짐", "Damaged"
    LOST = "lost", "잃어버림", "Lost"
    CLOSED = "closed", "마침", "Closed"
    EXPIRED = "expired", "예약하지 않음", "Not booked"
    CANCELLED = "cancelled", "취소됨", "Cancelled"
    NO_SHOW = "no_show", "찾아가지 않음", "Not fetched"


BORROWER = Role("borrower", T("빌리는 사람", "borrower"), pays=True, confirms=True)
STEWARD = Role(
    "steward", T("공유소 담당자", "steward"), confirms=True, works="hosting", side="lender"
)
OWNER = Role("owner", T("물건 주인", "owner"), confirms=True, side="lender")
SYSTEM = Role("system", T("자동", "system"), trusted=True, works="nobody")
COORDINATOR = Role("coordinator", T("코디네이터", "coordinator"), trusted=True, works="hosting")

UNITS = {"won": "KRW", "minutes": "TIME", "voucher": "VCH", "local": "LOCAL"}
NoteText = Annotated[str, BeforeValidator(parsers.note)]
FEE, DEPOSIT = "장비 빌리기", "보증금(장비 빌리기)"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the borrower says of her plan; fee and deposit as she saw them, from the beginning as
    they were agreed."""

    purpose: Line | None = None
    fee: Count | None = None
    fee_unit: GivenIn | None = None
    deposit: Count | None = None
    deposit_unit: GivenIn | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """How the thing is, as seen at the hand-over."""

    note: NoteText | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """How much of the deposit is kept, and why."""

    charge: Count
    why: NoteText | None = None


@dataclass(frozen=True, slots=True)
class Longer:
    """For how many more days the borrower would keep it."""

    days: Count


def price(seen: Seen) -> tuple[Price, ...]:
    """Fee and deposit as agreed, each in its unit; to the owner, or the steward where the thing is
    an organisation's."""
    to = OWNER.key if seen.asset.get("owned") else STEWARD.key
    fee, fee_unit = _agreed(seen, "fee")
    deposit, deposit_unit = _agreed(seen, "deposit")
    return (
        Price(UNITS[fee_unit], fee, BORROWER.key, to, FEE),
        Price(UNITS[deposit_unit], deposit, BORROWER.key, to, DEPOSIT, deposit=True),
    )


def _asked(seen: Seen, name: str) -> tuple[int, str]:
    """What the thing asks now."""
    return seen.asset.get(name, 0), seen.asset.get(f"{name}_unit", "won")


def _agreed(seen: Seen, name: str) -> tuple[int, str]:
    """What was agreed when the place was held."""
    amount = getattr(seen.terms, name, None)
    if amount is None:
        return _asked(seen, name)
    return amount, getattr(seen.terms, f"{name}_unit") or "won"


def agree(seen: Seen) -> Terms:
    """Fee and deposit stay as the thing asks them now, whatever it asks when it is booked."""
    (fee, fee_unit), (deposit, deposit_unit) = _asked(seen, "fee"), _asked(seen, "deposit")
    terms: Terms = seen.terms
    return Terms(terms.purpose, fee, fee_unit, deposit, deposit_unit)  # type: ignore[arg-type]  # stored


def _went_up(seen: Seen) -> bool:
    """Whether the thing asks more than the borrower saw, or something else."""
    for name in ("fee", "deposit"):
        (saw, saw_unit), (asks, unit) = _agreed(seen, name), _asked(seen, name)
        if asks and (asks > saw or unit != saw_unit):
            return True
    return False


def fits(seen: Seen) -> T | None:
    """A thing is lent for as long as its terms allow, only looked over as planned, from and to a
    time when it is handed over, and for no more than who holds it saw."""
    if _went_up(seen):
        return T(
            "그사이 값이나 보증금이 올랐습니다. 새 값을 보고 다시 해 주세요",
            "the fee or the deposit has gone up meanwhile; please look at it and try again",
        )
    due = maintenance_due(seen.asset)
    if due is not None and seen.ends and clock.kst_date(seen.ends) > due:
        return T(
            "점검할 때가 되어 그때까지 빌릴 수 없습니다. 담당자에게 물어봐 주세요",
            "it has to be looked over before then; please ask its steward",
        )
    longest = seen.asset.get("max_days", 0)
    if longest and seen.starts and seen.ends and seen.ends - seen.starts > timedelta(days=longest):
        return T(f"{longest}일까지 빌릴 수 있습니다", f"it is lent for at most {longest} days")
    hours = seen.asset.get("hours", "")
    moments = [one for one in (seen.starts, seen.ends) if one is not None]
    return next(filter(None, (closed_at(hours, seen.asset, one) for one in moments)), None)


def settled(seen: Seen, price: Price) -> int:
    """The fee; of the deposit what a coordinator decided to keep."""
    if not price.deposit:
        return price.amount
    decided = seen.answers.get("decide")
    return min(decided.charge, price.amount) if decided is not None else 0


def facts(seen: Seen) -> tuple[Fact, ...]:
    """The minutes that the thing was out; less than one counts as one."""
    out: datetime = seen.moments.get("check_out", seen.starts or seen.now)
    back: datetime = max(out, seen.moments.get("check_in", seen.now))
    used = max(1, int((back - out).total_seconds()) // 60)
    return (Fact("loan.use", seen.qty if seen.qty is not None else used, out, back),)


LIMIT = Guard("within_limit", T("잔액과 상한 안인가", "within the limits"))
USED = record("loan.use", evidence="B")
KEEPERS = (STEWARD, OWNER)
BACK_TEXT = T("돌려받기", "Check in")
# Any: Transition's own fields
BACK: Mapping[str, Any] = {
    "by": KEEPERS,
    "asks": Condition,
    "says": "inspect",
    "do": (RELEASE_SLOT, USED, notify(BORROWER)),
}

EQUIPMENT_LOAN = Process(
    "equipment_loan",
    version=1,
    sector="sharing",
    text=T("장비 빌리기", "Equipment loan"),
    states=S,
    roles=(BORROWER, STEWARD, OWNER, SYSTEM, COORDINATOR),
    terms=Terms,
    price=price,
    settled=settled,
    facts=facts,
    fits=fits,
    agree=agree,
    transitions=(
        start(
            "hold",
            S.HELD,
            T("자리 잡기", "Hold it"),
            by=(BORROWER,),
            binds=BORROWER,
            meets=OWNER,
            needs=("asset", "slot"),
            when=(LIMIT,),
            do=(HOLD_SLOT,),
        ),
        timer(
            "expire",
            S.HELD,
            S.EXPIRED,
            ruled("exchange.loan.hold_minutes"),
            T("예약하지 않고 시간이 지남", "Time passed without booking"),
            do=(RELEASE_SLOT,),
        ),
        step(
            "book",
            S.HELD,
            S.BOOKED,
            T("예약하기", "Book"),
            by=(BORROWER,),
            do=(HOLD_VALUE, notify(OWNER)),
        ),
        step(
            "cancel",
            S.BOOKED,
            S.CANCELLED,
            T("예약 취소하기", "Cancel"),
            by=(BORROWER, STEWARD),
            do=(RELEASE_SLOT, VOID_VALUE, notify(BORROWER, OWNER)),
        ),
        step(
            "displace",
            S.BOOKED,
            S.DISPLACED,
            T("앞사람이 늦어 밀려남", "Displaced by a late return"),
            by=(SYSTEM,),
            do=(RELEASE_SLOT, notify(BORROWER)),
        ),
        timer(
            "not_fetched",
            S.BOOKED,
            S.NO_SHOW,
            ruled("exchange.loan.fetch_minutes", "start"),
            T("찾아가지 않음", "Not fetched"),
            do=(RELEASE_SLOT, VOID_VALUE, notify(BORROWER)),
        ),
        step(
            "check_out",
            S.BOOKED,
            S.OUT,
            T("건네고 받기", "Hand over"),
            by=(STEWARD, OWNER, BORROWER),
            kind=ByKind.BOTH,
            do=(HAND_OUT,),
        ),
        step(
            "rebook",
            S.DISPLACED,
            S.BOOKED,
            T("다시 자리 잡기", "Take a place again"),
            by=(BORROWER,),
            do=(HOLD_SLOT,),
        ),
        timer(
            "give_up",
            S.DISPLACED,
            S.CANCELLED,
            ruled("exchange.loan.rebook_days"),
            T("자리가 나지 않아 취소됨", "No place came free"),
            do=(VOID_VALUE, notify(BORROWER)),
        ),
        timer(
            "late",
            S.OUT,
            S.OVERDUE,
            at("due"),
            T("돌려줄 때가 지남", "Due and not back"),
            do=(EXTEND_OPEN, notify(BORROWER, OWNER)),
        ),
        step(
            "extend",
            S.OUT,
            S.OUT,
            T("더 빌리기", "Keep it longer"),
            by=(BORROWER,),
            asks=Longer,
            says="inspect",
            do=(EXTEND_SLOT, notify(STEWARD, OWNER)),
        ),
        step("check_in", S.OUT, S.RETURNED, BACK_TEXT, **BACK),
        step("check_in", S.OVERDUE, S.RETURNED, BACK_TEXT, **BACK),
        step(
            "lose",
            S.OVERDUE,
            S.LOST,
            T("잃어버렸다고 적기", "Write it off as lost"),
            by=(COORDINATOR,),
            do=(RELEASE_SLOT, notify(BORROWER, OWNER)),
        ),
        timer(
            "missing",
            S.OVERDUE,
            S.LOST,
            ruled("exchange.loan.lost_days"),
            T("오래 돌아오지 않음", "Not back for long"),
            do=(RELEASE_SLOT, notify(BORROWER, OWNER)),
        ),
        step(
            "pass",
            S.RETURNED,
            S.CLOSED,
            T("이상 없음", "All is well"),
            by=KEEPERS,
            says="confirm",
            do=(SETTLE, notify(BORROWER)),
        ),
        step(
            "damage",
            S.RETURNED,
            S.DAMAGED,
            T("망가졌다고 적기", "Note damage"),
            by=KEEPERS,
            asks=Condition,
            says="dispute",
            do=(link("repair"), notify(BORROWER, OWNER)),
        ),
        timer(
            "unchecked",
            S.RETURNED,
            S.CLOSED,
            ruled("exchange.loan.check_days"),
            T("말 없이 기한이 지남", "Time passed without a word"),
            do=(SETTLE,),
        ),
        step(
            "decide",
            S.DAMAGED,
            S.CLOSED,
            T("보증금 정하기", "Decide on the deposit"),
            by=(COORDINATOR,),
            asks=Decision,
            do=(SETTLE, notify(BORROWER, OWNER)),
        ),
        step(
            "decide",
            S.LOST,
            S.CLOSED,
            T("보증금 정하기", "Decide on the deposit"),
            by=(COORDINATOR,),
            asks=Decision,
            do=(USED, SETTLE, notify(BORROWER, OWNER)),
        ),
    ),
)

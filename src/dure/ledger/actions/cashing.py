"""The rest of a regional voucher, paid back in cash to its holder by two people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from dure.core import locks, notices
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.ledger import cashing, programme_policies, telling
from dure.ledger import programme_subjects as subjects
from dure.ledger.cashing import Rest
from dure.ledger.errors import LedgerCode
from dure.ledger.models import Account, Lot
from dure.ledger.opening import POSTED
from dure.ledger.posting import Kind, Movement, post
from dure.ledger.programme_errors import ProgrammeCode
from dure.ledger.purposes import CASH, CASH_WON
from dure.ledger.types import RowId


@dataclass(frozen=True, slots=True)
class Cashed:
    """What was paid back, and its rows: the vouchers first, then the won."""

    amount: int
    transfers: tuple[str, ...]


def _rest(lot: Lot, account_id: str) -> Rest:
    """What is due of a lot to a holder. Raises Refusal with the reason when nothing is."""
    if not cashing.has_rule(lot.programme):
        raise Refusal(ProgrammeCode.NO_CASH)
    part = cashing.part_of(lot, int(account_id))
    if part is None:
        raise Refusal(CoreCode.NOT_FOUND, field="account_id")
    rest = cashing.rest_of(lot.programme, part)
    if rest.missing:
        raise Refusal(
            ProgrammeCode.SPEND_FIRST, least=f"{rest.least:,}", missing=f"{rest.missing:,}"
        )
    if not rest.amount:
        raise Refusal(ProgrammeCode.NOTHING_TO_DO)
    return rest


def due_for_second(body: Any, actor: Actor) -> bool:  # Any: a body with account_id
    """Always a second person; but nobody is asked about what is not due."""
    _rest(subject(Lot), body.account_id)
    return True


def lock_part(body: Any, actor: Actor) -> Lot:  # Any: a body with lot_id and account_id
    """The lot, and the holder's part of it, locked."""
    lot = subjects.lock_lot(body, actor)
    locks.rows(Account.rows.filter(lot=lot, parent=int(body.account_id)))
    return lot


@action(
    "ledger.lot.cash",
    ko="쓰고 남은 지역사랑상품권을 가진 사람에게 현금으로 돌려줍니다.",
    en="Pay the holder of a regional voucher the rest of it in cash.",
    policy=programme_policies.may_run_programme,
    letters=programme_policies.RUNNERS,
    subject=subjects.own_lot,
    lock=lock_part,
    second_person=due_for_second,
    idempotent=True,
    reason=Reason.REQUIRED,
    audit_refusals=True,
    value=True,
    writes=POSTED,
    notices=(telling.CASHED,),
    refusals=(
        CoreCode.NOT_FOUND,
        ProgrammeCode.NO_CASH,
        ProgrammeCode.SPEND_FIRST,
        ProgrammeCode.NOTHING_TO_DO,
        LedgerCode.INSUFFICIENT,
    ),
)
def pay_cash(lot_id: RowId, account_id: RowId, *, actor: Actor) -> Cashed:
    """Undo the unspent part of the row that issued the vouchers; the won leave the fund.

    Both rows stand in one group: a refund of the issue, and won from the fund out of the separate
    account. The cash itself is handed over or sent outside, and matched with the bank's line.
    Source: rulebook `ledger.regional.refund_share_ppm`.
    """
    lot = subject(Lot)
    programme = lot.programme
    rest = _rest(lot, account_id)
    bank = cashing.separate_account(programme)
    if bank is None or programme.fund_id is None or programme.issuer_id is None:
        raise Refusal(ProgrammeCode.NO_CASH)
    group = uuid4()
    ids = post(
        [
            Movement(
                rest.part,
                programme.issuer_id,
                rest.amount,
                CASH,
                kind=Kind.REFUND,
                ref=rest.issue,
                group=group,
                lot=lot.pk,
            ),
            Movement(programme.fund_id, bank.pk, rest.amount, CASH_WON, group=group),
        ]
    )
    holder = Account.rows.get(pk=int(account_id))
    if holder.owner_person_id is not None:
        notices.tell(holder.owner_person_id, telling.CASHED, places={"transfer": ids[0]})
    line().object("ledger.account", holder.pk)
    line().changed("cash", None, rest.amount)
    return Cashed(rest.amount, tuple(str(number) for number in ids))

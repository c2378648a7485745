"""Redeeming: a shop gives vouchers back and gets won."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from dure.core.actions import action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.engines.fees import fee
from dure.ledger import opening, programme_policies
from dure.ledger import programme_subjects as subjects
from dure.ledger.errors import LedgerCode
from dure.ledger.models import Account, ProgrammeShop
from dure.ledger.opening import POSTED
from dure.ledger.posting import Movement, post
from dure.ledger.programme_errors import ProgrammeCode
from dure.ledger.purposes import REDEEM, REDEEM_WON
from dure.ledger.types import Amount, RowId


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What a shop redeemed: vouchers, won, and the rows of both."""

    vouchers: int
    won: int
    transfers: tuple[str, ...]


def own_shop(body: Any, actor: Actor) -> Account:  # Any: a body with account_id
    """A shop's account in the actor's scope."""
    found = subjects.own_account(body, actor)
    line().organisation(found.owner_organisation_id)
    return found


@action(
    "ledger.lot.redeem",
    ko="받은 상품권을 원으로 바꿉니다.",
    en="Redeem vouchers that a shop took for won.",
    policy=programme_policies.may_redeem,
    letters={Role.TREASURER: "m", Role.APPROVER: "m"},
    subject=own_shop,
    idempotent=True,
    value=True,
    writes=POSTED,
    refusals=(
        CoreCode.NOT_FOUND,
        ProgrammeCode.NOT_A_SHOP,
        ProgrammeCode.NOTHING_TO_DO,
        LedgerCode.INSUFFICIENT,
    ),
)
def redeem_vouchers(account_id: RowId, amount: Amount, *, actor: Actor) -> Redeemed:
    """Move vouchers to the issuer and won from the fund to the shop, both in one group.

    The discount is the programme's rule and stays in the fund. Vouchers that a shop has taken do
    not expire; a shop that has left redeems what it took before.
    Source: rulebook `ledger.regional.redeem_discount_ppm`.
    """
    account = subject(Account)
    shop = (
        ProgrammeShop.rows.filter(account=account)
        .select_related("programme__book", "programme__issuer", "programme__fund", "won_account")
        .first()
    )
    if shop is None or shop.won_account is None or shop.programme.fund is None:
        raise Refusal(ProgrammeCode.NOT_A_SHOP)
    programme = shop.programme
    left = account.spendable
    if left is not None and amount > left:
        raise Refusal(LedgerCode.INSUFFICIENT, field="amount", spendable=left)
    won = amount - fee(amount, opening.rule(programme, "redeem_discount_ppm"))
    group = uuid4()
    assert programme.issuer_id is not None and programme.fund_id is not None
    rows = [Movement(account.pk, programme.issuer_id, amount, REDEEM, group=group)]
    if won:
        rows.append(Movement(programme.fund_id, shop.won_account.pk, won, REDEEM_WON, group=group))
    ids = post(rows)
    line().object("ledger.account", account.pk)
    line().changed("vouchers", None, amount)
    return Redeemed(amount, won, tuple(str(number) for number in ids))

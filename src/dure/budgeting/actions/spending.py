"""Spending that was noted by mistake is taken back whole; the note of it stays."""

from __future__ import annotations

from dure.budgeting import policies, stating, subjects
from dure.budgeting.actions.awards import AwardRef
from dure.budgeting.errors import BudgetCode
from dure.budgeting.models import Spending
from dure.core import clock, running
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.types import UuidText


@action(
    "budgeting.spending.take_back",
    ko="잘못 적은 지출을 되돌립니다.",
    en="Take back a spending that was noted by mistake.",
    policy=policies.may_run_call,
    letters=policies.RUNNERS,
    subject=subjects.spending,
    lock=subjects.lock_spending,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=("budgeting_spending",),
    labels=("budget.spent",),
    refusals=(CoreCode.NOT_FOUND, BudgetCode.TAKEN_BACK),
)
def take_back_spending(spending_id: UuidText, *, actor: Actor) -> AwardRef:
    """Cancel one spending of a winner by its opposite, with a public reason.

    Effects: Spending; the fact of the journal is reversed.
    """
    old = subject(Spending)
    award = old.award
    if old.takes_back_id is not None or Spending.rows.filter(takes_back=old).exists():
        raise Refusal(BudgetCode.TAKEN_BACK)
    assert actor.id is not None, "the policy lets persons alone through"
    Spending.rows.create(
        award=award,
        amount_won=-old.amount_won,
        paid_on=clock.today(),
        purpose=(running.current().reason or "")[:200],
        document=old.document,
        takes_back=old,
        by=actor.id,
        at=clock.now(),
        audit=line().id,
    )
    stating.spending_taken_back(old)
    line().object("budgeting.award", award.id)
    line().organisation(award.result.call.organisation_id)
    line().changed("spent_won", old.amount_won, 0)
    ended = award.changes.filter(kind__in=("cancelled", "finished")).exists()
    return AwardRef(str(award.id), ended)

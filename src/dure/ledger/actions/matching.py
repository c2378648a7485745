"""Matches of statement lines and ledger rows: confirmed by another person, undone, waived."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from dure.core import clock, locks, running
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.ledger import matching, programme_policies
from dure.ledger.actions.statements import KEEPERS, kept_account
from dure.ledger.models import Account, Match, StatementLine
from dure.ledger.programme_errors import ProgrammeCode
from dure.ledger.types import RowId

Ids = Annotated[tuple[RowId, ...], Field(min_length=1, max_length=50)]
TABLE = ("ledger_match",)


@dataclass(frozen=True, slots=True)
class Matched:
    """How many matches stand after it, and how many lines are still open."""

    matches: int
    open_lines: int


def lock_kept_account(body: Any, actor: Actor) -> Account:  # Any: a body with account_id
    """The account, locked: two people cannot match the same line at once."""
    found = kept_account(body, actor)
    rows = Account.rows.select_related("book", "unit")
    kept: Account | None = locks.row(rows.filter(pk=found.pk))
    assert kept is not None
    return kept


@action(
    "ledger.match.confirm",
    ko="명세 줄과 장부 줄이 같은 것임을 확인합니다.",
    en="Confirm that statement lines and ledger rows are the same.",
    policy=programme_policies.may_reconcile,
    letters=KEEPERS,
    subject=kept_account,
    lock=lock_kept_account,
    idempotent=True,
    writes=TABLE,
    refusals=(CoreCode.NOT_FOUND, ProgrammeCode.NOT_MATCHING, ProgrammeCode.SAME_PERSON),
)
def confirm_match(account_id: RowId, line_ids: Ids, transfer_ids: Ids, *, actor: Actor) -> Matched:
    """Join one line with one or more rows, or one row with more lines, of the same sum.

    Who brought the file in cannot confirm its lines.
    """
    account = subject(Account)
    lines = _lines(account, line_ids, actor)
    wanted = matching.numbers(transfer_ids)
    rows = list(matching.open_rows(account.pk).filter(pk__in=wanted))
    if len(rows) != len(wanted):
        raise Refusal(ProgrammeCode.NOT_MATCHING, field="transfer_ids")
    matching.check_group(account, lines, rows)
    made = [
        _match(one, row.pk, one.amount if len(lines) > 1 else matching.seen_outside(account, row))
        for one in lines
        for row in rows
    ]
    Match.rows.bulk_create([_confirmed(one, actor) for one in made])
    line().changed("matched", None, [one.line_id for one in made])
    return _done(account, len(made))


def _lines(account: Account, line_ids: tuple[str, ...], actor: Actor) -> list[StatementLine]:
    wanted = matching.numbers(line_ids)
    found = list(matching.open_lines(account.pk).filter(pk__in=wanted))
    if len(found) != len(wanted):
        raise Refusal(ProgrammeCode.NOT_MATCHING, field="line_ids")
    if any(one.importer == actor.id for one in found):
        raise Refusal(ProgrammeCode.SAME_PERSON)
    return found


def _match(found: StatementLine, transfer: int | None, amount: int) -> Match:
    return Match(
        line=found,
        transfer_id=transfer,
        amount=amount,
        importer=found.importer,
        audit=line().id,
    )


def _confirmed(
    match: Match, actor: Actor, state: Match.State = Match.State.CONFIRMED, reason: str = ""
) -> Match:
    match.state = state
    match.confirmer = actor.id
    match.confirmed_at = clock.now()
    match.reason = reason
    return match


def _done(account: Account, matches: int) -> Matched:
    line().object("ledger.account", account.pk)
    return Matched(matches, matching.open_lines(account.pk).count())


@action(
    "ledger.match.waive",
    ko="장부에 없는 명세 줄을 까닭을 적고 따로 처리합니다.",
    en="Waive a statement line that has no ledger row, with a reason.",
    policy=programme_policies.may_reconcile,
    letters=KEEPERS,
    subject=kept_account,
    lock=lock_kept_account,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=TABLE,
    refusals=(CoreCode.NOT_FOUND, ProgrammeCode.NOT_MATCHING, ProgrammeCode.SAME_PERSON),
)
def waive_line(account_id: RowId, line_ids: Ids, *, actor: Actor) -> Matched:
    """Take lines out of what is open; the reason stands beside each."""
    account = subject(Account)
    reason = running.current().reason or ""
    lines = _lines(account, line_ids, actor)
    Match.rows.bulk_create(
        [
            _confirmed(_match(one, None, one.amount), actor, Match.State.WAIVED, reason)
            for one in lines
        ]
    )
    line().changed("waived", None, [one.pk for one in lines])
    return _done(account, len(lines))


@action(
    "ledger.match.undo",
    ko="확인한 짝이나 따로 처리한 것을 되돌립니다.",
    en="Undo a match, or a waiver.",
    policy=programme_policies.may_reconcile,
    letters=KEEPERS,
    subject=kept_account,
    lock=lock_kept_account,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=TABLE,
    refusals=(CoreCode.NOT_FOUND, ProgrammeCode.NOTHING_TO_DO),
)
def undo_match(account_id: RowId, line_id: RowId, *, actor: Actor) -> Matched:
    """Open the lines and rows of a group again; what was confirmed stays readable as undone."""
    account = subject(Account)
    found = matching.together(int(line_id))
    if not found or found[0].line.account_id != account.pk:
        raise Refusal(ProgrammeCode.NOTHING_TO_DO)
    for one in found:
        one.state, one.audit = Match.State.UNDONE, line().id
    Match.rows.bulk_update(found, ["state", "audit"])
    line().changed("undone", None, [one.line_id for one in found])
    return _done(account, len(found))

"""Reconciling an account: what is open, what is proposed, and by how much the sides differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.engines.reconciling import difference
from dure.ledger import matching
from dure.ledger.models import Account, Match, StatementLine, Transfer


@dataclass(frozen=True, slots=True)
class LineView:
    """A statement line: `amount` above 0 when value came in outside.

    `is_own`: the actor brought it in, so somebody else confirms it.
    """

    id: str
    on: date
    amount: int
    reference: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class RowView:
    """A ledger row as the outside account would see it."""

    id: str
    on: date
    amount: int
    purpose: str


@dataclass(frozen=True, slots=True)
class ProposalView:
    """Lines and rows of one sum, and why they are proposed: reference, amount or sum."""

    lines: tuple[LineView, ...]
    rows: tuple[RowView, ...]
    amount: int
    why: str
    days: int
    is_only_choice: bool


@dataclass(frozen=True, slots=True)
class MatchView:
    """A match or waiver that stands."""

    line: LineView
    transfer: str | None
    amount: int
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Everything about one account: open lines and rows, proposals, balances, the difference.

    difference = ledger − (statement + open rows − open lines); 0 when nothing is unexplained; None
    while no statement line tells a balance.
    """

    account: str
    label: str
    unit: str
    ledger_balance: int
    statement_balance: int | None
    statement_on: date | None
    lines: tuple[LineView, ...]
    rows: tuple[RowView, ...]
    proposals: tuple[ProposalView, ...]
    matched: tuple[MatchView, ...]
    difference: int | None
    is_complete: bool


def of_account(actor: Actor, account_id: str) -> Reconciliation:
    """The reconciliation of an account in a book that the actor keeps, else ``core.not_found``."""
    rows = Account.objects.within(actor).select_related("book", "unit")
    account = rows.filter(pk=account_id).first() if account_id.isdecimal() else None
    if account is None:
        raise Refusal(CoreCode.NOT_FOUND)
    lines = list(matching.open_lines(account.pk))
    moved = list(matching.open_rows(account.pk))
    proposed = matching.proposals(account)
    line_views = {one.pk: _line(one, actor) for one in lines}
    row_views = {one.pk: _row(account, one) for one in moved}
    last = (
        StatementLine.rows.filter(account=account, balance_after__isnull=False)
        .order_by("-on_date", "-id")
        .first()
    )
    outside = matching.balance_outside(account)
    told = last.balance_after if last is not None else None
    return Reconciliation(
        account=str(account.pk),
        label=account.label,
        unit=account.unit.code,
        ledger_balance=outside,
        statement_balance=told,
        statement_on=last.on_date if last is not None else None,
        lines=tuple(line_views.values()),
        rows=tuple(row_views.values()),
        proposals=tuple(
            ProposalView(
                tuple(line_views[one] for one in made.lines),
                tuple(row_views[one] for one in made.rows),
                made.amount,
                made.why.value,
                made.days,
                made.choices == 1,
            )
            for made in proposed.proposals
        ),
        matched=_matched(account, actor),
        difference=None
        if told is None
        else difference(
            outside,
            told,
            [one.amount for one in row_views.values()],
            [one.amount for one in line_views.values()],
        ),
        is_complete=proposed.is_complete,
    )


def _line(one: StatementLine, actor: Actor) -> LineView:
    shown = "" if one.external_ref.startswith("line:") else one.external_ref
    return LineView(str(one.pk), one.on_date, one.amount, shown, one.importer == actor.id)


def _row(account: Account, one: Transfer) -> RowView:
    return RowView(str(one.pk), one.event_date, matching.seen_outside(account, one), one.purpose)


def _matched(account: Account, actor: Actor, limit: int = 50) -> tuple[MatchView, ...]:
    rows = Match.rows.filter(line__account=account, state__in=matching.SETTLED)
    rows = rows.select_related("line").order_by("-id")[:limit]
    return tuple(
        MatchView(
            _line(one.line, actor),
            str(one.transfer_id) if one.transfer_id else None,
            one.amount,
            one.state,
            one.reason,
        )
        for one in rows
    )


@dataclass(frozen=True, slots=True)
class Reconcilable:
    """An account that stands for one outside: its balance, how many lines are open, the newest."""

    id: int
    label: str
    unit: str
    balance: int
    open_lines: int
    newest: date | None


def accounts_of(book_id: int) -> tuple[Reconcilable, ...]:
    """Accounts of a book at hand that have a statement outside: of banks, of meters."""
    kinds = (Account.Type.ASSET, Account.Type.METER)
    rows = Account.rows.filter(book=book_id, type__in=kinds, parent__isnull=True)
    rows = rows.exclude(status=Account.Status.CLOSED).select_related("unit").order_by("pk")
    return tuple(
        Reconcilable(
            one.pk,
            one.label,
            one.unit.code,
            matching.balance_outside(one),
            matching.open_lines(one.pk).count(),
            StatementLine.rows.filter(account=one)
            .order_by("-on_date")
            .values_list("on_date", flat=True)
            .first(),
        )
        for one in rows
    )

"""Statements of an account and days of a till as files: each download leaves one record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from dure.core import clock
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import EVERY_PERSON, Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import IsoDate, UuidText
from dure.ledger import papers, policies
from dure.ledger.models import Account
from dure.ledger.queries import passages, sheets, wallets
from dure.ledger.types import RowId
from dure.registry.errors import RegistryCode
from dure.registry.exporting import RECORD, Export, ExportRef, Form, table, text
from dure.registry.models import Organisation

DAYS_MAX = 366
LOOKERS = dict.fromkeys(wallets.LOOKERS, "m")
OWN_AND_LOOKERS = {**EVERY_PERSON, **dict.fromkeys((*wallets.LOOKERS, Role.ETHICS), "om")}


def seen(body: Any, actor: Actor) -> Account:  # Any: a body with account_id and two days
    """An account in the actor's scope. Raises Refusal(BAD_FIELD) for days the wrong way round or
    more than a year."""
    if not timedelta() <= body.last - body.first < timedelta(days=DAYS_MAX):
        raise Refusal(CoreCode.BAD_FIELD, field="last", range=f"{body.first} – +{DAYS_MAX}")
    number = wallets.seen(actor, body.account_id)
    found: Account = Account.objects.within(actor).select_related("book").get(pk=number)
    line().organisation(found.owner_organisation_id)
    return found


def shop(body: Any, actor: Actor) -> Organisation:  # Any: a body with organisation_id
    """An organisation at whose till the actor may stand."""
    if not wallets.works_for(actor, body.organisation_id):
        raise Refusal(CoreCode.NOT_FOUND)
    found: Organisation | None = Organisation.rows.filter(pk=UUID(body.organisation_id)).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    line().organisation(found.pk)
    return found


@action(
    "ledger.statement.export",
    ko="한 계정의 기간 명세서를 파일로 내려받습니다.",
    en="Download the statement of an account as a file.",
    policy=policies.may_take_statement,
    letters=OWN_AND_LOOKERS,
    subject=seen,
    reason=Reason.OPTIONAL,
    faces=("web",),
    long=True,
    writes=RECORD,
    refusals=(CoreCode.NOT_FOUND, CoreCode.BAD_FIELD, RegistryCode.EXPORT_TOO_LONG),
)
def export_statement(
    account_id: RowId,
    first: IsoDate,
    last: IsoDate,
    form: Literal["csv", "xlsx", "pdf"],
    *,
    actor: Actor,
) -> ExportRef:
    """Write opening, every row and closing; others stand in it by handle, never by name."""
    account = subject(Account)
    told = passages.statement(actor, account.pk, first, last)
    query = {"account": account.pk, "first": str(first), "last": str(last)}
    if form != "pdf":
        head = [str(one) for one in sheets.STATEMENT]
        export = Export("ledger.statement", form, query, head)
        rows = sheets.statement_rows(told)
        return table(export, str(sheets.STATEMENT_TITLE), rows, actor=actor)
    if not papers.STATEMENT.is_plugged:
        raise Refusal(CoreCode.BAD_FIELD, field="form", range="csv, xlsx")
    drawn = papers.STATEMENT.call(told, clock.now())
    return text(Export("ledger.statement", form, query), [drawn], len(told.rows), actor=actor)


@action(
    "ledger.till.export",
    ko="가게의 하루 마감을 파일로 내려받습니다.",
    en="Download a shop's closing of a day as a file.",
    policy=policies.may_stand_at_till,
    letters=LOOKERS,
    subject=shop,
    reason=Reason.OPTIONAL,
    faces=("web",),
    writes=RECORD,
    refusals=(CoreCode.NOT_FOUND, RegistryCode.EXPORT_TOO_LONG),
)
def export_till(organisation_id: UuidText, on: IsoDate, form: Form, *, actor: Actor) -> ExportRef:
    """Write what the open accounts of a shop took, gave back and paid out on a day."""
    found = subject(Organisation)
    own = [one for one in wallets.of_organisation(actor, found.pk) if one.is_open]
    days = [sheets.day_of(actor, one, on) for one in own]
    query = {"organisation": str(found.pk), "on": str(on)}
    export = Export("ledger.till", form, query, [str(one) for one in sheets.TILL])
    return table(export, str(sheets.TILL_TITLE), sheets.till_rows(days), actor=actor)

"""Statement files of a bank or a meter: brought in once, line by line."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from dure.core import clock
from dure.core.actions import action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.engines.bank_files import read_statement
from dure.engines.cells import SheetRefused
from dure.engines.sheets import open_sheet
from dure.ledger import matching, programme_policies
from dure.ledger import programme_subjects as subjects
from dure.ledger.models import Account, StatementLine
from dure.ledger.programme_errors import ProgrammeCode
from dure.ledger.types import RowId

KEEPERS = {Role.TREASURER: "m", Role.APPROVER: "m"}
FileBytes = Annotated[bytes, Field(min_length=1, max_length=5_000_000)]


@dataclass(frozen=True, slots=True)
class Imported:
    """How many lines a file has, and how many of them are new."""

    lines: int
    new: int


def kept_account(body: Any, actor: Actor) -> Account:  # Any: a body with account_id
    """An account in a book that the actor keeps."""
    found = subjects.own_account(body, actor)
    line().organisation(found.book.organisation_id)
    return found


@action(
    "ledger.statement.import",
    ko="은행이나 계량기의 거래 파일을 들입니다.",
    en="Import a statement file of a bank or a meter.",
    policy=programme_policies.may_reconcile,
    letters=KEEPERS,
    subject=kept_account,
    faces=("web", "cli"),
    idempotent=True,
    writes=("ledger_statementline",),
    refusals=(CoreCode.NOT_FOUND, ProgrammeCode.NOT_A_STATEMENT),
)
def import_statement(account_id: RowId, content: FileBytes, *, actor: Actor) -> Imported:
    """Keep the lines of a file that are new, all or nothing; the same file twice adds none.

    Amounts, days and references alone are kept; what a line says in words is not, since it may
    name people. Source: ledger design, *reconciliation*.
    """
    account = subject(Account)
    assert actor.id is not None
    try:
        read = read_statement(open_sheet(io.BytesIO(content)))
    except SheetRefused as refused:
        problem = T(refused.sentence("ko"), refused.sentence("en"))
        raise Refusal(ProgrammeCode.NOT_A_STATEMENT, problem=problem) from None
    if read.faults or not read.lines:
        problem = matching.faults_in_words(read) if read.faults else T("줄이 없음", "no lines")
        raise Refusal(ProgrammeCode.NOT_A_STATEMENT, field="content", problem=problem)
    source = f"account:{account.pk}"
    refs = [one.external_ref for one in read.lines]
    known = StatementLine.rows.filter(source=source, external_ref__in=refs)
    seen = set(known.values_list("external_ref", flat=True))
    fresh = [one for one in read.lines if one.external_ref not in seen]
    StatementLine.rows.bulk_create(
        [
            StatementLine(
                account=account,
                source=source,
                external_ref=one.external_ref,
                on_date=one.on,
                amount=one.amount,
                balance_after=one.balance,
                importer=actor.id,
                import_digest=hashlib.sha256(content).hexdigest(),
                imported_at=clock.now(),
                audit=line().id,
            )
            for one in fresh
        ],
        batch_size=2_000,
        ignore_conflicts=True,
    )
    line().object("ledger.account", account.pk)
    line().changed("lines", None, len(fresh))
    return Imported(len(read.lines), len(fresh))

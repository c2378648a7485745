"""Voucher lots: brought as a list with a preview, issued, recalled, expired, redeemed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID, uuid4

from pydantic import Field

from dure.core import clock, jobs, locks, notices, progress
from dure.core.actions import Reason, Who, action, always, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.types import IsoDate, Line, UuidText
from dure.ledger import expiring, lists, opening, programme_policies, telling
from dure.ledger import programme_subjects as subjects
from dure.ledger.models import Account, Lot, LotGrant, LotList, Programme
from dure.ledger.opening import POSTED, ROWS_MAX, check_limit, open_now
from dure.ledger.posting import Movement, post
from dure.ledger.programme_errors import ProgrammeCode
from dure.ledger.purposes import ISSUE, RECALL
from dure.ledger.types import RowId

ListText = Annotated[bytes, Field(min_length=1, max_length=2_000_000)]
LIST = ("ledger_lotlist", "ledger_lotgrant")


@dataclass(frozen=True, slots=True)
class ListRef:
    """A list: its id, how many rows may be issued, how many must be corrected, the sum."""

    id: str
    good: int
    faulty: int
    amount: int


@action(
    "ledger.lot.prepare",
    ko="상품권을 나눌 명단을 올려 줄마다 확인합니다.",
    en="Bring a list of who gets vouchers and judge it row by row.",
    policy=programme_policies.may_run_programme,
    letters={role: letters.rstrip("2") for role, letters in programme_policies.RUNNERS.items()},
    subject=subjects.programme,
    faces=("web", "cli"),
    idempotent=True,
    writes=LIST,
    refusals=(
        CoreCode.NOT_FOUND,
        ProgrammeCode.PROGRAMME_CLOSED,
        ProgrammeCode.LOT_OVER,
        ProgrammeCode.BAD_LIST,
    ),
)
def prepare_lot(
    programme_id: RowId,
    content: ListText,
    valid_from: IsoDate,
    valid_to: IsoDate | None = None,
    note: Line | None = None,
    *,
    actor: Actor,
) -> ListRef:
    """Judge a list of handle (or person id) and amount; nothing is issued.

    Without `valid_to` the lot lasts as the programme's rule says; it may be shorter, not longer.
    Source: rulebook `ledger.regional.validity_months`, `ledger.regional.holding`.
    """
    programme = open_now(subject(Programme))
    last = lists.last_day(valid_from, opening.rule(programme, "validity_months"))
    chosen = valid_to or last
    if not programme.has_lots or not valid_from <= chosen <= last:
        raise Refusal(ProgrammeCode.LOT_OVER, field="valid_to")
    if chosen < clock.today():
        raise Refusal(ProgrammeCode.LOT_OVER, field="valid_to")
    judged = lists.judged(programme, lists.read(content))
    made = LotList.rows.create(
        programme=programme,
        valid_from=valid_from,
        valid_to=chosen,
        note=note or "",
        sha256=hashlib.sha256(content).hexdigest(),
        made_by=actor.id,
        made_at=clock.now(),
        audit=line().id,
    )
    LotGrant.rows.bulk_create(
        [
            LotGrant(
                list=made,
                row=one.row,
                holder_id=one.holder,
                amount=one.amount,
                fault=one.fault,
                audit=line().id,
            )
            for one in judged
        ],
        batch_size=2_000,
    )
    good = [one for one in judged if not one.fault]
    line().object("ledger.lotlist", made.pk)
    line().changed("rows", None, len(judged))
    return ListRef(
        str(made.pk), len(good), len(judged) - len(good), sum(one.amount or 0 for one in good)
    )


@dataclass(frozen=True, slots=True)
class LotRef:
    """A lot, what this step posted, and how many rows still wait for the next."""

    lot: str
    posted: int
    amount: int
    left: int


def own_list(body: Any, actor: Actor) -> LotList:  # Any: a body with list_id
    """A list of a programme that the actor keeps."""
    rows = LotList.rows.filter(programme__in=Programme.objects.within(actor))
    found: LotList = subjects.one(_with(rows), "list_id", id=body.list_id)
    line().organisation(found.programme.book.organisation_id)
    return found


def lock_list(body: Any, actor: Actor) -> LotList:  # Any: as above
    """The same, locked, with its lot when it has one."""
    locks.row(Lot.rows.filter(list=body.list_id))
    rows = LotList.rows.filter(programme__in=Programme.objects.within(actor))
    found: LotList = subjects.locked(_with(rows), "list_id", id=body.list_id)
    return found


def _with(rows: Any) -> Any:  # Any: a queryset with its related rows
    return rows.select_related("programme__book", "programme__issuer", "programme__unit", "lot")


@action(
    "ledger.lot.issue",
    ko="확인한 명단대로 상품권을 발행합니다.",
    en="Issue vouchers as a judged list says.",
    policy=programme_policies.may_run_programme,
    letters=programme_policies.RUNNERS,
    subject=own_list,
    lock=lock_list,
    second_person=always,
    idempotent=True,
    reason=Reason.OPTIONAL,
    audit_refusals=True,
    long=True,
    value=True,
    writes=(*LIST, "ledger_lot", *POSTED),
    notices=(telling.GRANTED,),
    refusals=(
        CoreCode.NOT_FOUND,
        ProgrammeCode.NOTHING_TO_DO,
        ProgrammeCode.BAD_LIST,
        ProgrammeCode.ISSUE_LIMIT,
        ProgrammeCode.PROGRAMME_CLOSED,
    ),
)
def issue_lot(list_id: UuidText, *, actor: Actor) -> LotRef:
    """Open the lot and post its first 1,000 rows; the rest follows in jobs of 1,000.

    A list with a faulty row issues nothing. Never more than the issue limit, nor than the won in
    the programme's fund. Source: 지역사랑상품권 이용 활성화에 관한 법률 (separate public account).
    """
    found = subject(LotList)
    programme = open_now(found.programme)
    if found.state != LotList.State.DRAFT:
        raise Refusal(ProgrammeCode.NOTHING_TO_DO)
    grants = lists.judged_again(programme, found)
    faulty = [one for one in grants if one.fault]
    if faulty or not grants:
        shown = ", ".join(str(one.row) for one in faulty[:20])
        raise Refusal(ProgrammeCode.BAD_LIST, rows=shown or "–")
    whole = sum(one.amount or 0 for one in grants)
    assert programme.issuer is not None
    check_limit(programme.issuer, whole)
    lists.check_funded(programme, whole)
    lot = Lot.rows.create(
        programme=programme,
        unit=programme.unit,
        amount=sum(one.amount or 0 for one in grants[:ROWS_MAX]),
        valid_from=found.valid_from,
        valid_to=found.valid_to,
        issued_by_group=uuid4(),
        issued_at=clock.now(),
        note=found.note,
        audit=line().id,
    )
    found.lot, found.state = lot, LotList.State.ISSUING
    line().changed("lot", None, lot.pk)
    return _post_part(found, lot, programme, actor, fresh=True)


@action(
    "ledger.lot.continue",
    ko="발행하던 명단의 다음 줄들을 발행합니다.",
    en="Issue the next rows of a list that is being issued.",
    policy=programme_policies.may_run_programme,
    letters={role: letters.rstrip("2") for role, letters in programme_policies.RUNNERS.items()},
    subject=own_list,
    lock=lock_list,
    faces=("job",),
    long=True,
    value=True,
    idempotent=True,
    writes=(*LIST, "ledger_lot", *POSTED),
    notices=(telling.GRANTED,),
    refusals=(CoreCode.NOT_FOUND, ProgrammeCode.NOTHING_TO_DO),
)
def continue_lot(list_id: UuidText, *, actor: Actor) -> LotRef:
    """Post the next 1,000 rows of a list that two people agreed to issue."""
    found = subject(LotList)
    if found.state != LotList.State.ISSUING:
        raise Refusal(ProgrammeCode.NOTHING_TO_DO)
    lot = found.lot
    assert lot is not None
    return _post_part(found, lot, found.programme, actor, fresh=False)


def _post_part(
    found: LotList, lot: Lot, programme: Programme, actor: Actor, *, fresh: bool
) -> LotRef:
    waiting = LotGrant.rows.filter(list=found, fault="", transfer=None).order_by("row")
    total = LotGrant.rows.filter(list=found, fault="").count()
    part = list(waiting[:ROWS_MAX])
    amount = sum(grant.amount or 0 for grant in part)
    holders = [grant.holder_id for grant in part if grant.holder_id is not None]
    accounts = opening.parts_of(holders, lot, programme.unit_id, programme.book_id)
    assert programme.issuer_id is not None
    rows = [
        Movement(
            programme.issuer_id,
            accounts[grant.holder_id],
            grant.amount or 0,
            ISSUE,
            group=lot.issued_by_group,
            lot=lot.pk,
        )
        for grant in part
        if grant.holder_id is not None
    ]
    ids = post(rows) if rows else ()
    for grant, number in zip(part, ids, strict=True):
        grant.transfer = number
        grant.audit = line().id
    LotGrant.rows.bulk_update(part, ["transfer", "audit"], batch_size=ROWS_MAX)
    notices.tell_many(_people(holders), telling.GRANTED)
    if not fresh:
        lot.amount += amount
        lot.audit = line().id
        lot.save(update_fields=["amount", "audit"])
    left = waiting.count()
    progress.report("발행", "issuing", total - left, total)
    found.state = LotList.State.ISSUING if left else LotList.State.ISSUED
    found.audit = line().id
    found.save(update_fields=["state", "lot", "audit"])
    if left:
        jobs.later("ledger.lot.continue", {"list_id": str(found.pk)}, actor)
    line().object("ledger.lot", lot.pk)
    line().organisation(programme.book.organisation_id)
    line().changed("rows", None, len(rows))
    return LotRef(str(lot.pk), len(rows), amount, left)


def _people(holders: list[int]) -> list[UUID]:
    rows = Account.rows.filter(id__in=holders, owner_person__isnull=False)
    return sorted(set(rows.values_list("owner_person_id", flat=True)))


@action(
    "ledger.lot.recall",
    ko="쓰지 않은 상품권 묶음을 거두어들입니다.",
    en="Recall what is unspent of a lot.",
    policy=programme_policies.may_run_programme,
    letters=programme_policies.RUNNERS,
    subject=subjects.own_lot,
    lock=subjects.lock_lot,
    second_person=always,
    idempotent=True,
    reason=Reason.REQUIRED,
    audit_refusals=True,
    value=True,
    writes=("ledger_lot", *POSTED),
    refusals=(CoreCode.NOT_FOUND, ProgrammeCode.NOTHING_TO_DO),
)
def recall_lot(lot_id: RowId, *, actor: Actor) -> LotRef:
    """Return the unspent part of a lot to the issuer, 1,000 holders at a time.

    What a shop has taken, and what is held for a shop, stays; it was spent.
    """
    lot = subject(Lot)
    rows = expiring.sweep(lot, RECALL, most=ROWS_MAX)
    if not rows:
        raise Refusal(ProgrammeCode.NOTHING_TO_DO)
    post(rows)
    lot.recalled_at = lot.recalled_at or clock.now()
    lot.audit = line().id
    lot.save(update_fields=["recalled_at", "audit"])
    line().object("ledger.lot", lot.pk)
    line().changed("recalled", None, sum(row.amount for row in rows))
    return LotRef(str(lot.pk), len(rows), sum(row.amount for row in rows), expiring.left(lot))


@dataclass(frozen=True, slots=True)
class Expired:
    """How many parts of lots were swept, and how much in all."""

    parts: int
    amount: int


@action(
    "ledger.lot.expire",
    ko="기한이 지난 상품권을 발행 계정으로 돌려놓습니다.",
    en="Return vouchers past their last day to the issuer.",
    policy=programme_policies.may_run_timer,
    letters={},
    who=Who.TIMER,
    faces=("job",),
    value=True,
    writes=POSTED,
)
def expire_lots(*, actor: Actor) -> Expired:
    """Sweep what can be spent of every part past its day and grace, at most 1,000 parts a run.

    A held part expires when its hold has ended. Row key uuid5(part, last day), so a sweep that is
    repeated moves nothing twice. Source: ledger design, *lot expiry*; rulebook `grace_days`.
    """
    rows = expiring.due(clock.today(), most=ROWS_MAX)
    if rows:
        post(rows)
    line().changed("parts", None, len(rows))
    return Expired(len(rows), sum(row.amount for row in rows))


def is_expiry_due() -> bool:
    """Whether anything is past its day; asked first, so that an idle night leaves no line."""
    return bool(expiring.due(clock.today(), most=1))


jobs.timer("ledger.lot.expire", cron="*/10 * * * *", when=is_expiry_due)

"""Payment requests: shown as a code or sent to a person; accepted, paid once, cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from dure.core import clock, notices
from dure.core.actions import action, line, subject
from dure.core.actors import EVERY_PERSON, Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.ledger import asking, programme_policies, telling
from dure.ledger import programme_subjects as subjects
from dure.ledger.actions.transfers import alone_most, paid_before
from dure.ledger.asking import Case, Kind
from dure.ledger.errors import LedgerCode
from dure.ledger.models import Account, PaymentRequest
from dure.ledger.opening import POSTED
from dure.ledger.payments import movements_of
from dure.ledger.posting import post
from dure.ledger.programme_errors import ProgrammeCode
from dure.ledger.queries.subjects import Pair
from dure.ledger.types import Amount, Handle, Purpose, RowId

OWNERS = {**EVERY_PERSON, Role.TREASURER: "om", Role.APPROVER: "om", Role.STAFF: "om"}
PAYERS = {**EVERY_PERSON, Role.TREASURER: "om", Role.APPROVER: "om"}
TABLE = ("ledger_paymentrequest",)
PAYS_BY_SCANNING = T("조직은 QR을 찍어서 냅니다", "an organisation pays by scanning")
CodeTyped = Annotated[str, Field(min_length=8, max_length=30, pattern="^[0-9A-Za-z _-]+$")]


@dataclass(frozen=True, slots=True)
class RequestRef:
    """A request: its number, its token, its digits ("" = none), and when it ends ("" = never)."""

    id: str
    token: str
    digits: str
    expires_at: str


@action(
    "ledger.request.create",
    ko="받을 코드를 만들거나 사람에게 보내 달라고 청합니다.",
    en="Make a code to be paid by, or ask a person to pay.",
    policy=programme_policies.may_ask,
    letters=OWNERS,
    subject=subjects.own_account,
    idempotent=True,
    writes=TABLE,
    notices=(telling.ASKED,),
    refusals=(CoreCode.NOT_FOUND, ProgrammeCode.REQUEST_AMOUNT, LedgerCode.SAME_ACCOUNT),
)
def create_request(
    account_id: RowId,
    kind: Literal["request", "sale", "static", "shown"],
    purpose: Purpose,
    amount: Amount | None = None,
    most: Amount | None = None,
    payer: Handle | None = None,
    *,
    actor: Actor,
) -> RequestRef:
    """Keep who is paid, how much and what for, behind 128 random bits.

    sale: one payment of `amount` within five minutes, with eight digits to type. static: any
    number of payments, the payer types the amount. shown: the account *pays*, once, within a
    minute, at most `most`. request: `payer` (a handle) is asked and told.
    Source: rulebook `ledger.request.*`.
    """
    account = subject(Account)
    needs_amount = kind in ("sale", "request")
    if needs_amount != (amount is not None) or (kind == "shown") != (most is not None):
        raise Refusal(ProgrammeCode.REQUEST_AMOUNT, field="amount", range="1–1,000,000,000,000")
    if (kind == "request") != (payer is not None):
        raise Refusal(CoreCode.BAD_FIELD, field="payer", range="")
    if kind == "shown" and account.owner_person_id is None:
        raise Refusal(CoreCode.BAD_FIELD, field="kind", range=PAYS_BY_SCANNING)
    other = _payer(account, payer) if payer is not None else None
    shown = kind == "shown"
    made = PaymentRequest.rows.create(
        token=asking.new_token(),
        digits=asking.new_digits() if kind in ("sale", "shown") else None,
        kind=kind,
        payee=None if shown else account,
        payer=account if shown else other,
        amount=amount,
        amount_max=most,
        purpose=purpose,
        single_use=kind != "static",
        made_by=actor.id,
        made_at=clock.now(),
        expires_at=asking.expiry(kind),
        audit=line().id,
    )
    if other is not None and other.owner_person_id is not None:
        notices.tell(other.owner_person_id, telling.ASKED, places={"token": made.token})
    line().object("ledger.paymentrequest", made.pk)
    line().organisation(account.owner_organisation_id)
    line().changed("kind", None, kind)
    return _ref(made)


def _payer(account: Account, handle: str) -> Account:
    """The account in the payee's unit of whoever goes by this handle."""
    named = Account.rows.filter(handle=handle).first()
    if named is None:
        raise Refusal(CoreCode.NOT_FOUND, field="payer")
    rows = Account.rows.filter(
        unit=account.unit_id, parent=None, status=Account.Status.OPEN
    ).filter(owner_person=named.owner_person_id, owner_organisation=named.owner_organisation_id)
    same_book = rows.filter(book=account.book_id).order_by("id").first()
    found: Account | None = named if named.unit_id == account.unit_id else same_book
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="payer")
    if found.pk == account.pk:
        raise Refusal(LedgerCode.SAME_ACCOUNT)
    return found


def _ref(request: PaymentRequest) -> RequestRef:
    ends = request.expires_at.isoformat() if request.expires_at else ""
    return RequestRef(str(request.pk), request.token, request.digits or "", ends)


def needs_second(body: Any, actor: Actor) -> bool:  # Any: the body of ledger.request.pay
    """An organisation's payment above what one person may pay a payee alone; as any transfer."""
    found = subject(Case)
    request, payer = found.request, found.account
    if request.kind == Kind.SHOWN or payer.owner_person_id is not None or request.payee is None:
        return False
    line().organisation(payer.owner_organisation_id or payer.book.organisation_id)
    paid = asking.amount_of(request, body.amount)
    return paid + paid_before(Pair(payer, request.payee)) > alone_most(payer.book)


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid: the amount, and the rows in order; the first names the receipt."""

    amount: int
    transfers: tuple[str, ...]


@action(
    asking.PAY,
    ko="코드나 요청을 보고 보냅니다.",
    en="Pay a code or a request.",
    policy=programme_policies.may_confirm_payment,
    letters=OWNERS,
    subject=asking.case,
    lock=asking.lock_case,
    idempotent=True,
    audit_refusals=True,
    second_person=needs_second,
    value=True,
    writes=(*TABLE, *POSTED),
    notices=(telling.RECEIVED,),
    refusals=(
        CoreCode.NOT_FOUND,
        ProgrammeCode.ASK_NEW_CODE,
        ProgrammeCode.TOO_MANY_CODES,
        ProgrammeCode.REQUEST_AMOUNT,
        ProgrammeCode.NOT_A_SHOP,
        LedgerCode.INSUFFICIENT,
        LedgerCode.SHORT,
        LedgerCode.OVER_CEILING,
        LedgerCode.CROSS_UNIT,
        LedgerCode.CROSS_BOOK,
        LedgerCode.SAME_ACCOUNT,
    ),
)
def pay_request(
    code: CodeTyped, account_id: RowId, amount: Amount | None = None, *, actor: Actor
) -> Paid:
    """Pay exactly once what stands behind a token or eight digits.

    `account_id` is the confirmer's own: it pays; for a code that the payer shows, it takes.
    A code for one payment is spent with it; who comes second is told to ask for a new one.
    """
    found = subject(Case)
    request = found.request
    paid = asking.amount_of(request, amount)
    shown = request.kind == Kind.SHOWN
    payer = request.payer if shown else found.account
    payee = found.account if shown else request.payee
    assert payer is not None and payee is not None
    if request.kind == Kind.REQUEST and request.payer_id != payer.pk:
        raise asking.dead()
    rows = movements_of(payer, payee, paid, request.purpose)
    ids = post(rows)
    if request.single_use:
        request.paid_by_id = ids[0]
        request.paid_at = clock.now()
        request.audit = line().id
        request.save(update_fields=["paid_by", "paid_at", "audit"])
    telling.received(rows, ids)
    line().object("ledger.paymentrequest", request.pk)
    line().changed("paid", None, paid)
    return Paid(paid, tuple(str(number) for number in ids))


@action(
    "ledger.request.accept",
    ko="보내 달라는 요청을 받아들입니다. 아직 보내지는 않습니다.",
    en="Accept that one owes what a request asks; nothing moves yet.",
    policy=programme_policies.may_answer_request,
    letters=PAYERS,
    subject=subjects.own_request,
    lock=subjects.lock_request,
    idempotent=True,
    writes=TABLE,
    refusals=(CoreCode.NOT_FOUND, ProgrammeCode.REQUEST_DONE),
)
def accept_request(request_id: RowId, *, actor: Actor) -> RequestRef:
    """State the debt, so that a clearing round may count it."""
    request = subject(PaymentRequest)
    if not _is_open(request) or request.accepted_at is not None:
        raise Refusal(ProgrammeCode.REQUEST_DONE)
    request.accepted_at = clock.now()
    request.expires_at = None
    request.audit = line().id
    request.save(update_fields=["accepted_at", "expires_at", "audit"])
    line().object("ledger.paymentrequest", request.pk)
    line().changed("accepted", None, True)
    return _ref(request)


@action(
    "ledger.request.cancel",
    ko="요청이나 코드를 거두거나 거절합니다.",
    en="Withdraw a request or code, or refuse one.",
    policy=programme_policies.may_cancel_request,
    letters=OWNERS,
    subject=subjects.own_request,
    lock=subjects.lock_request,
    idempotent=True,
    writes=TABLE,
    refusals=(CoreCode.NOT_FOUND, ProgrammeCode.REQUEST_DONE),
)
def cancel_request(request_id: RowId, *, actor: Actor) -> RequestRef:
    """End a request that was not paid; both who asks and who is asked may do so.

    A debt that was accepted is let go by the payee alone.
    """
    request = subject(PaymentRequest)
    if not _is_open(request):
        raise Refusal(ProgrammeCode.REQUEST_DONE)
    request.cancelled_at = clock.now()
    request.audit = line().id
    request.save(update_fields=["cancelled_at", "audit"])
    line().object("ledger.paymentrequest", request.pk)
    line().changed("cancelled", None, True)
    return _ref(request)


def _is_open(request: PaymentRequest) -> bool:
    return request.paid_at is None and request.cancelled_at is None

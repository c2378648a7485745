"""Roles of a running case given to somebody else, by who coordinates it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dure.core import notices
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.models.work import Notice
from dure.core.text import T
from dure.core.types import CodeText, Line, UuidText
from dure.exchange import accounts, interpreter, policies, proofs, subjects
from dure.exchange.cases import seen
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement, Claim, Commitment, Party
from dure.exchange.models.commitments import OPEN
from dure.exchange.queries.neighbours import person_called
from dure.ledger.models import Account
from dure.registry.models import Person

FREED = notices.template(
    "exchange.freed",
    subject=T("맡았던 약속을 다른 이웃이 맡습니다", "Somebody else takes your part"),
    text=T(
        "코디네이터가 약속 하나에서 맡은 역할을 다른 이웃에게 넘겼습니다. 더 하실 일은 없습니다.",
        "A coordinator gave your role in an agreement to another neighbour. Nothing is left to do.",
    ),
    path="/exchange/mine/",
    urgency=Notice.Urgency.DAY,
)
BOUND = notices.template(
    "exchange.bound",
    subject=T("약속을 맡게 되었습니다", "You are part of an agreement now"),
    text=T(
        "코디네이터가 약속 하나에서 역할을 맡겼습니다. 어려우시면 약속 화면에서 알려 주세요.",
        "A coordinator gave you a role in an agreement. If you cannot, please say so on its page.",
    ),
    path="/exchange/agreements/%(agreement)s/",
    urgency=Notice.Urgency.NOW,
)
ENDED = T("이미 끝난 약속입니다", "the agreement has ended")
NOBODY = T("그 역할을 맡은 사람이 없습니다", "no person holds that role")
IN_IT = T("이미 이 약속의 당사자입니다", "they are a party of it already")
SELF = T("스스로에게 맡길 수 없습니다", "nobody gives a role to herself")
HELD = T(
    "그 사람 계정에 맡아 둔 것이 있습니다. 먼저 풀거나 없던 일로 해 주세요",
    "something is held on their account; please give it back first",
)
PAYS = T(
    "그 역할이 값을 냅니다. 없던 일로 하고, 낼 사람이 직접 시작하게 해 주세요",
    "that role pays; please make it void and let who is to pay begin herself",
)
HALF = T(
    "그 사람이 이미 확인한 단계가 상대를 기다립니다",
    "they have confirmed a step that waits for the other side",
)


@dataclass(frozen=True, slots=True)
class Reassigned:
    """The case and the role that changed hands."""

    id: str
    role: str


@action(
    "exchange.agreement.reassign",
    ko="약속의 역할을 다른 사람에게 맡깁니다.",
    en="Give a role of an agreement to another person.",
    policy=policies.may_reassign,
    letters=policies.COORDINATORS,
    subject=subjects.agreement,
    lock=subjects.lock_agreement,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=("exchange_party", "exchange_commitment", "exchange_claim"),
    notices=(FREED, BOUND),
    refusals=(CoreCode.NOT_FOUND, CoreCode.SECOND_STEP, ExchangeCode.NOT_REASSIGNED),
)
def reassign_agreement(
    agreement_id: UuidText,
    role: CodeText,
    person_id: UuidText | None = None,
    handle: Line | None = None,
    *,
    actor: Actor,
) -> Reassigned:
    """Bind another person to a role of an open case; both are told. Nobody binds herself.

    person_id, handle : whom, by id or by the name that she chose for payments
    Effects: Party, open Commitments, standing Claims. What is held stays between the accounts it
    was held between, so a role whose account holds something for the case is not given away before
    that is undone; nor is one that is to pay.
    """
    interpreter.needs_second_step(actor)
    found = subject(Agreement)
    new = _person(person_id, handle)
    if found.closed_at is not None:
        _refuse(ENDED)
    if new in (actor.id, actor.acting_for):
        _refuse(SELF)
    party = Party.rows.filter(agreement=found, role=role, person__isnull=False).first()
    if party is None or party.person is None:
        _refuse(NOBODY)
    assert party is not None and party.person is not None
    if Party.rows.filter(agreement=found, person=new).exists():
        _refuse(IN_IT)
    old: UUID = party.person
    _check_free(found, old)
    _check_pays_nothing(found, role)
    Commitment.rows.filter(agreement=found, state__in=OPEN, giver=old).update(
        giver=new, audit=line().id
    )
    Commitment.rows.filter(agreement=found, state__in=OPEN, taker=old).update(
        taker=new, audit=line().id
    )
    Claim.rows.filter(agreement=found, withdrawn_at=None, person=old).update(
        person=new, audit=line().id
    )
    party.person, party.acted_for, party.audit = new, None, line().id
    party.save(update_fields=["person", "acted_for", "audit"])
    notices.tell(old, FREED)
    notices.tell(new, BOUND, places={"agreement": str(found.id)})
    line().object("exchange.agreement", found.id)
    line().organisation(found.organisation_id)
    line().changed(role, old, new)
    return Reassigned(str(found.id), role)


def _person(person_id: str | None, handle: str | None) -> UUID:
    """An active person, by id or handle."""
    wanted = UUID(person_id) if person_id is not None else person_called(handle or "")
    rows = Person.rows.filter(pk=wanted, state=Person.State.ACTIVE)
    if wanted is None or not rows.exists():
        raise Refusal(CoreCode.NOT_FOUND, field="person_id" if person_id else "handle")
    return wanted


def _check_free(found: Agreement, old: UUID) -> None:
    """Refuse while value of the case is held on an account of who leaves, or her word waits."""
    ends = {
        end for hold in accounts.open_holds(found.id) for end in (hold.debit_id, hold.credit_id)
    }
    if Account.rows.filter(pk__in=ends, owner_person=old).exists():
        _refuse(HELD)
    process = interpreter.process_of(found)
    for transition in process.leaving(process.state(found.state)):
        said = proofs.said_since(found, transition.name)
        if any(old in (one.by, one.acted_for) for one in said):
            _refuse(HALF)


def _check_pays_nothing(found: Agreement, role: str) -> None:
    """Refuse a role whose value another party's step would hold: nobody spends unasked."""
    process = interpreter.process_of(found)
    prices = process.price(seen(found, process)) if process.price is not None else ()
    if any(one.payer == role and one.amount > 0 for one in prices):
        _refuse(PAYS)


def _refuse(why: T) -> None:
    raise Refusal(ExchangeCode.NOT_REASSIGNED, why=why)

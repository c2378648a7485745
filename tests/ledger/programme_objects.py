"""Objects of programmes, lots, schedules, requests and rounds for the matrix."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from dure.core import clock
from dure.core.actors import Actor
from dure.ledger.models import (
    Account,
    Book,
    ClearingRound,
    Lot,
    LotGrant,
    LotList,
    PaymentRequest,
    Programme,
    ProgrammeShop,
    Schedule,
    Unit,
)
from tests.harness.given import given
from tests.harness.matrix import Place, apart, slot, value
from tests.ledger.givens import a_book, an_account, an_issuer

TOKEN = "AAAAAAAAAAAAAAAAAAAAAA"

value("ledger.programme.open:kind", "timebank")
value("ledger.programme.shop:sales", 1)
value("ledger.lot.prepare:content", "받는 사람,금액\nnobody,1\n".encode())
value("ledger.lot.prepare:valid_from", lambda place, actor: clock.today().isoformat())
value("ledger.schedule.set:rule", "once")
value("ledger.schedule.set:starts_on", lambda place, actor: clock.today().isoformat())
value("ledger.schedule.pay:schedule_id", "1")
value("ledger.request.create:kind", "static")
value("ledger.request.pay:code", TOKEN)
value("ledger.request.pay:amount", 1)
value("ledger.request.find:code", lambda place, actor: _living(place))
apart("ledger.clearing.consent", "a round names accounts; its own test walks who may answer")


value("ledger.programme.enrol:members", lambda place, actor: [str(uuid4())])
value("ledger.programme.shops:shops", lambda place, actor: [{"shop": str(uuid4()), "sales": 1}])


@slot("ledger.programme.open:organisation_id")
def runner(place: Place, actor: Actor) -> str:
    return str(place.organisation.id)


@slot("ledger.programme.shop:shop_id", placed=False)
def any_shop(place: Place, actor: Actor) -> str:
    return str(place.organisation.id)


def _book(place: Place) -> Book:
    found = Book.rows.filter(organisation=place.organisation).first()
    return found or a_book("장부", place.organisation)


def _programme(place: Place, kind: str = "regional") -> Programme:
    book = _book(place)
    unit = "VCH" if kind == "regional" else "TIME"
    issuer = an_issuer(book, unit=unit)
    with given() as audit:
        return Programme.rows.create(
            book=book,
            unit=Unit.rows.get(code=unit),
            kind=kind,
            state="open",
            code=f"matrix-{uuid4().hex[:12]}",
            name="행렬",
            issuer=issuer,
            rules={"validity_months": {"value": 60, "version": str(uuid4())}},
            opens_on=clock.today(),
            opened_at=clock.now(),
            audit=audit,
        )


@slot(
    "ledger.programme.shop:programme_id",
    "ledger.programme.close:programme_id",
    "ledger.programme.enrol:programme_id",
    "ledger.programme.shops:programme_id",
    "ledger.programme.stop:programme_id",
    "ledger.lot.prepare:programme_id",
)
def programme(place: Place, actor: Actor) -> str:
    return str(_programme(place).pk)


@slot("ledger.programme.join:programme_id", placed=False)
def any_programme(place: Place, actor: Actor) -> str:
    return str(_programme(place, "timebank").pk)


@slot("ledger.programme.stop:account_id", placed=False)
def standing_shop(place: Place, actor: Actor) -> str:
    account = an_account(_book(place), organisation=place.organisation, unit="VCH")
    made = Programme.rows.filter(book=_book(place)).order_by("-pk").first() or _programme(place)
    with given() as audit:
        ProgrammeShop.rows.create(
            programme=made, account=account, joined_at=clock.now(), audit=audit
        )
    return str(account.pk)


@slot("ledger.lot.issue:list_id")
def listed(place: Place, actor: Actor) -> str:
    return str(_list(_programme(place)).pk)


@slot("ledger.lot.continue:list_id")
def issuing(place: Place, actor: Actor) -> str:
    made = _programme(place)
    return str(_list(made, _lot(made), "issuing").pk)


def _list(made: Programme, lot: Lot | None = None, state: str = "draft") -> LotList:
    with given() as audit:
        found = LotList.rows.create(
            programme=made,
            lot=lot,
            state=state,
            valid_from=clock.today(),
            valid_to=clock.today(),
            sha256="a" * 64,
            made_at=clock.now(),
            audit=audit,
        )
        LotGrant.rows.create(list=found, row=2, fault="unknown", audit=audit)
    return found


def _lot(made: Programme) -> Lot:
    with given() as audit:
        return Lot.rows.create(
            programme=made,
            unit=made.unit,
            amount=1,
            valid_from=clock.today(),
            valid_to=clock.today(),
            issued_by_group=uuid4(),
            issued_at=clock.now(),
            audit=audit,
        )


@slot("ledger.lot.cash:account_id", placed=False)
def holder(place: Place, actor: Actor) -> str:
    return str(an_account(_book(place), unit="VCH").pk)


@slot("ledger.lot.recall:lot_id", "ledger.lot.cash:lot_id")
def lot(place: Place, actor: Actor) -> str:
    return str(_lot(_programme(place)).pk)


@slot("ledger.lot.redeem:account_id")
def shop_account(place: Place, actor: Actor) -> str:
    return str(an_account(_book(place), organisation=place.organisation, unit="VCH").pk)


def _own(place: Place) -> Account:
    return an_account(_book(place), owner=Actor.person(place.owner), lo=-1000)


@slot(
    "ledger.schedule.set:account_id",
    "ledger.request.create:account_id",
    "ledger.request.pay:account_id",
    owned=True,
)
def own(place: Place, actor: Actor) -> str:
    _living(place)
    return str(_own(place).pk)


def _living(place: Place) -> str:
    if not PaymentRequest.rows.filter(token=TOKEN).exists():
        _request(an_account(_book(place)), None, "static", TOKEN)
    return TOKEN


@slot("ledger.schedule.set:payee_id", placed=False)
def payee(place: Place, actor: Actor) -> str:
    return str(an_account(_book(place)).pk)


@slot("ledger.schedule.stop:schedule_id", "ledger.schedule.resume:schedule_id", owned=True)
def schedule(place: Place, actor: Actor) -> str:
    payer, other = _own(place), an_account(_book(place))
    with given() as audit:
        made = Schedule.rows.create(
            debit=payer,
            credit=other,
            amount=1,
            purpose="matrix",
            rule="once",
            starts_on=clock.today(),
            next_on=clock.today(),
            on_short="skip",
            set_by=place.owner,
            set_at=clock.now(),
            audit=audit,
        )
    return str(made.pk)


def _request(
    to: Account | None, payer: Account | None, kind: str, token: str | None = None
) -> PaymentRequest:
    with given() as audit:
        return PaymentRequest.rows.create(
            token=token or uuid4().hex[:22],
            kind=kind,
            payee=to,
            payer=payer,
            amount=None if kind == "static" else 1,
            purpose="matrix",
            single_use=kind != "static",
            made_by=uuid4(),
            made_at=clock.now(),
            expires_at=None if kind == "static" else clock.now() + timedelta(days=1),
            audit=audit,
        )


@slot("ledger.request.accept:request_id", owned=True)
def asked(place: Place, actor: Actor) -> str:
    return str(_request(an_account(_book(place)), _own(place), "request").pk)


@slot("ledger.request.cancel:request_id", owned=True)
def asking(place: Place, actor: Actor) -> str:
    return str(_request(_own(place), None, "static").pk)


@slot("ledger.clearing.propose:book_id")
def book(place: Place, actor: Actor) -> str:
    return str(_book(place).pk)


@slot("ledger.clearing.settle:round_id")
def clearing_round(place: Place, actor: Actor) -> str:
    with given() as audit:
        made = ClearingRound.rows.create(
            id=uuid4(),
            book=_book(place),
            unit=Unit.rows.get(code="TIME"),
            plan={"requests": [], "members": [], "total": 0},
            proposed_at=clock.now(),
            closes_at=clock.now() + timedelta(days=1),
            audit=audit,
        )
    return str(made.pk)


@slot(
    "ledger.statement.import:account_id",
    "ledger.match.confirm:account_id",
    "ledger.match.waive:account_id",
    "ledger.match.undo:account_id",
)
def bank(place: Place, actor: Actor) -> str:
    return str(an_account(_book(place), unit="KRW", type="asset", lo=None, hi=0).pk)


value("ledger.statement.import:content", "날짜,금액\n2026-06-01,5\n".encode())
for name in ("ledger.match.confirm:line_ids", "ledger.match.waive:line_ids"):
    value(name, ["999"])
value("ledger.match.confirm:transfer_ids", ["999"])
value("ledger.match.undo:line_id", "999")

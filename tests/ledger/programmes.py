"""Programmes, members and shops that the tests above the books share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from dure.core import clock
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Kind, Refusal
from dure.ledger.models import Account, Programme, ProgrammeShop
from dure.ledger.posting import Movement, post
from dure.registry.models import Organisation
from tests.harness import people
from tests.harness.probe import probing

SIGNED = "시험 총회가 정한 값"
REGIONAL: tuple[dict[str, object], ...] = tuple(
    {"part": part, "source": SIGNED, **given}
    for part, given in (
        ("issue_limit", {"value": 100_000_000}),
        ("holding", {"value": 500_000}),
        ("refund_share_ppm", {"value": 600_000}),
        ("shop_sales_most", {"value": 3_000_000_000}),
        ("licence", {"words": "등록할 필요가 없음을 확인함"}),
    )
)


VOUCHER: tuple[dict[str, object], ...] = tuple(
    {"part": part, "source": SIGNED, **given}
    for part, given in (
        ("aim", {"words": "먹거리"}),
        ("issue_limit", {"value": 100_000_000}),
        ("holding", {"value": 500_000}),
        ("licence", {"words": "등록할 필요가 없음을 확인함"}),
    )
)
ASKED = {"regional": REGIONAL, "voucher": VOUCHER}


@dataclass(frozen=True)
class Runner:
    """An organisation with a treasurer and a board member, who decide together."""

    organisation: Organisation
    treasurer: Actor
    board: Actor


def a_runner(name: str = "가람협동조합", district: str = people.MAPO) -> Runner:
    organisation = people.organisation(name, district_sig=district)
    return Runner(
        organisation,
        people.person_with(Role.TREASURER, organisation=organisation),
        people.person_with(Role.BOARD, organisation=organisation),
    )


def agreed(
    name: str, body: dict[str, object], first: Actor, second: Actor, reason: str = ""
) -> None:
    """Ask as one person and approve as another."""
    with pytest.raises(Refusal) as caught:
        run(name, body, first, reason=reason or None)
    assert caught.value.kind is Kind.ACCEPTED, caught.value.name
    approval = caught.value.places["approval"]
    run("registry.approval.decide", {"approval_id": approval, "outcome": "approve"}, second)


def opened(kind: str, runner: Runner, *rules: dict[str, object], **more: object) -> Programme:
    """A programme that stands open, as its organisation decided."""
    signed: list[dict[str, object]] = [*rules]
    parts = {rule["part"] for rule in rules}
    signed += [rule for rule in ASKED.get(kind, ()) if rule["part"] not in parts]
    body = {
        "organisation_id": str(runner.organisation.pk),
        "kind": kind,
        "name": f"우리 {kind}",
        "opens": clock.today().isoformat(),
        "rules": signed,
        **more,
    }
    made = decided(runner, "ledger.programme.open", body)
    return Programme.rows.select_related("issuer", "fund", "fees", "community", "book").get(
        pk=made.id
    )


def rule(part: str, value: int | str) -> dict[str, object]:
    given: dict[str, object] = {"value": value} if isinstance(value, int) else {"words": value}
    return {"part": part, "source": SIGNED, **given}


def decided(
    programme: Programme | Runner,
    name: str,
    body: dict[str, object],
    reason: str = "시험으로 합니다",
) -> Any:
    """What the programme's organisation decides, as after the second person's yes."""
    if isinstance(programme, Runner):
        actor = programme.treasurer
    else:
        organisation = programme.book.organisation
        actor = people.person_with(Role.TREASURER, organisation=organisation)
    found: list[Any] = []
    with probing(then=lambda _: found.append(run(name, body, actor, reason=reason).result)):
        run("test.rule.write", {"key": "test.probe", "words": "시험"}, Actor.operator())
    return found[0]


def member(programme: Programme, person: Actor | None = None) -> tuple[Actor, Account]:
    """A resident with an account in a programme."""
    who = person or people.person_with(Role.RESIDENT)
    made = run("ledger.programme.join", {"programme_id": str(programme.pk)}, who).result
    return who, Account.rows.select_related("book", "unit").get(pk=made.account)


def shop(programme: Programme, name: str = "나루가게") -> tuple[Actor, ProgrammeShop]:
    """A registered shop and its treasurer."""
    organisation = people.organisation(name)
    body = {"programme_id": str(programme.pk), "shop_id": str(organisation.pk), "sales": 90_000_000}
    decided(programme, "ledger.programme.shop", body)
    treasurer = people.person_with(Role.TREASURER, organisation=organisation)
    found = ProgrammeShop.rows.select_related("account", "won_account")
    return treasurer, found.get(programme=programme, account__owner_organisation=organisation)


def posted(*movements: Movement) -> tuple[int, ...]:
    """Post rows that no action of the test's makes."""
    ids: list[int] = []

    with probing(then=lambda actor: ids.extend(post(movements))):
        run("test.rule.write", {"key": "test.probe", "words": "시험"}, Actor.operator())
    return tuple(ids)


def funded(programme: Programme, won: int) -> None:
    """Won from the separate account into the programme's fund."""
    bank = Account.rows.get(book=programme.book_id, type="asset")
    assert programme.fund_id is not None
    posted(Movement(bank.pk, programme.fund_id, won, "fund"))
    programme.refresh_from_db()


def granted(programme: Programme, valid_to: str, *rows: tuple[Actor, int]) -> str:
    """A lot issued to these people; gives its number."""
    lines = ["받는 사람,금액", *(f"{actor.id},{amount}" for actor, amount in rows)]
    body = {
        "programme_id": str(programme.pk),
        "content": "\n".join(lines).encode(),
        "valid_from": clock.today().isoformat(),
        "valid_to": valid_to,
    }
    listed = decided(programme, "ledger.lot.prepare", body)
    assert listed.faulty == 0
    found: str = decided(programme, "ledger.lot.issue", {"list_id": listed.id}).lot
    return found


def balance(account: Account | int | None) -> int:
    assert account is not None
    number = account if isinstance(account, int) else account.pk
    return int(Account.rows.values_list("balance", flat=True).get(pk=number))


def held_by(account: Account) -> dict[int, int]:
    """What a holder has of each lot."""
    rows = Account.rows.filter(parent=account, lot__isnull=False).exclude(balance=0)
    return {lot: amount for lot, amount in rows.values_list("lot_id", "balance") if lot}


def code_of(name: str, body: dict[str, object], actor: Actor, reason: str | None = None) -> str:
    """The code of the refusal that must come."""
    with pytest.raises(Refusal) as caught:
        run(name, body, actor, reason=reason)
    return caught.value.name


def owner(account: Account) -> UUID | None:
    return account.owner_person_id

"""A time bank and a tool library: neighbours, their accounts, what they offer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.exchange.models import Agreement
from dure.ledger.models import Account, Book
from dure.registry.models import Organisation
from tests.harness.people import MAPO, organisation, person_with
from tests.ledger.givens import a_book, an_account, balance

NOW = "2026-05-10T09:00:00+09:00"


def at(text: str) -> str:
    """An instant of the day of the tests, as a form sends it: ``at("10T14:00")``."""
    return f"2026-05-{text}:00+09:00"


def answers(**given: object) -> tuple[dict[str, str], ...]:
    """Answers of a form."""
    return tuple({"name": name, "value": str(value)} for name, value in given.items())


@dataclass(slots=True)
class Bank:
    """A time bank with a keeper; each neighbour may owe up to ten hours."""

    host: Organisation
    book: Book
    keeper: Actor
    accounts: dict[UUID | None, Account] = field(default_factory=dict)

    def neighbour(self, lo: int | None = -600, hi: int | None = 600, unit: str = "TIME") -> Actor:
        """A resident with an account."""
        made = person_with(Role.RESIDENT)
        self.accounts[made.id] = an_account(self.book, owner=made, lo=lo, hi=hi, unit=unit)
        return made

    def balance(self, actor: Actor) -> tuple[int, int, int]:
        """Balance, held out, held in."""
        return balance(self.accounts[actor.id])


def bank() -> Bank:
    """An empty time bank."""
    host = organisation("가람시간은행")
    keeper = person_with(Role.STAFF, organisation=host)
    return Bank(host, a_book(organisation=host), keeper)


def offer(actor: Actor, side: str = "offer", reciprocity: str = "hours", **more: object) -> str:
    """Put up an offer or a request; gives its id."""
    body = {"side": side, "title": "베란다 고치기", "reciprocity": reciprocity, **more}
    return str(run("exchange.listing.publish", body, actor).result.id)


def ask(actor: Actor, listing: str, minutes: int = 60, **more: object) -> str:
    """Ask for what is offered; gives the id of the case."""
    body = {
        "process": "time_exchange",
        "start": "request",
        "listing_id": listing,
        "terms": answers(minutes=minutes),
        **more,
    }
    return str(run("exchange.agreement.open", body, actor).result.id)


def step(actor: Actor, case: str, name: str, code: str | None = None, **given: object) -> str:
    """Take a step from the state in which the case is; gives the state it is in then."""
    state = Agreement.rows.get(id=case).state
    body = {
        "agreement_id": case,
        "transition": name,
        "state": state,
        "answers": answers(**given),
        "hand_over": code,
    }
    return str(run("exchange.agreement.step", body, actor).result.state)


def tick() -> tuple[int, int]:
    """Let time move what is due; how many moved, and how many could not."""
    result = run("exchange.agreement.tick", {}, Actor.timer("exchange.agreement.tick")).result
    return result.moved, result.stuck


@dataclass(slots=True)
class Library:
    """A tool library with won accounts."""

    host: Organisation
    book: Book
    keeper: Actor
    till: Account
    accounts: dict[UUID | None, Account] = field(default_factory=dict)

    def neighbour(self, won: int = 100_000) -> Actor:
        """A resident with won in credit."""
        made = person_with(Role.RESIDENT)
        self.accounts[made.id] = an_account(self.book, owner=made, unit="KRW", lo=-won)
        return made

    def thing(self, **more: object) -> str:
        """A drill that anybody may borrow; gives its id."""
        terms = more.pop("terms", answers(fee=1000, deposit=20_000))
        body = {
            "title": "전동 드릴",
            "organisation_id": str(self.host.id),
            "terms": terms,
            **more,
        }
        return str(run("exchange.asset.add", body, self.keeper).result.id)


def library() -> Library:
    """An empty tool library."""
    host = organisation("마포공구공유소", district_sig=MAPO)
    keeper = person_with(Role.STAFF, organisation=host)
    book = a_book(organisation=host)
    till = an_account(book, organisation=host, unit="KRW")
    return Library(host, book, keeper, till)


def hold(actor: Actor, asset: str, starts: str, ends: str, **more: object) -> str:
    """Hold a place of a thing; gives the id of the case."""
    body = {
        "process": "equipment_loan",
        "start": "hold",
        "asset_id": asset,
        "starts": datetime.fromisoformat(at(starts)).isoformat(),
        "ends": datetime.fromisoformat(at(ends)).isoformat(),
        **more,
    }
    return str(run("exchange.agreement.open", body, actor).result.id)

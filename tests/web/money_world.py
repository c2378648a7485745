"""Two neighbours and a shop with accounts in hours and in vouchers, for the pages of value."""

from __future__ import annotations

from dataclasses import dataclass

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.ledger.models import Account, Book
from dure.registry.models import Organisation
from tests.harness import people
from tests.ledger.givens import a_book, an_account, an_issuer


@dataclass(frozen=True, slots=True)
class World:
    """Haneul and Bada with hours and vouchers, a shop with vouchers, its treasurer."""

    book: Book
    place: Organisation
    haneul: Actor
    bada: Actor
    treasurer: Actor
    haneul_time: Account
    haneul_vouchers: Account
    bada_time: Account
    bada_vouchers: Account
    shop: Account


def a_world() -> World:
    """A time bank and plain vouchers in one book: 5 hours and 20,000 won for each neighbour."""
    place = people.organisation("한울생협")
    book = a_book("마포 시간은행", place)
    haneul = people.person_with(Role.RESIDENT)
    bada = people.person_with(Role.RESIDENT)
    world = World(
        book=book,
        place=place,
        haneul=haneul,
        bada=bada,
        treasurer=people.person_with(Role.TREASURER, organisation=place),
        haneul_time=an_account(book, owner=haneul, handle="haneul", label="하늘의 시간", lo=-120),
        haneul_vouchers=an_account(
            book, owner=haneul, unit="VCH", handle="haneul-v", label="하늘의 상품권"
        ),
        bada_time=an_account(book, owner=bada, handle="bada", label="바다의 시간"),
        bada_vouchers=an_account(
            book, owner=bada, unit="VCH", handle="bada-v", label="바다의 상품권"
        ),
        shop=an_account(book, organisation=place, unit="VCH", handle="hanul", label="가게 상품권"),
    )
    for unit, accounts, amount in (
        ("TIME", (world.haneul_time, world.bada_time), 300),
        ("VCH", (world.haneul_vouchers, world.bada_vouchers), 20_000),
    ):
        issuer = an_issuer(book, unit=unit)
        for account in accounts:
            pay(world.treasurer, issuer, account, amount, unit, "첫 지급")
    return world


def pay(
    who: Actor, debit: Account, credit: Account, amount: int, unit: str, purpose: str = "도움"
) -> int:
    """One payment through the door; gives the number of its first row."""
    body = {
        "debit": str(debit.pk),
        "credit": str(credit.pk),
        "amount": amount,
        "unit": unit,
        "purpose": purpose,
    }
    return int(run("ledger.transfer.post", body, who).result.id)

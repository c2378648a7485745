"""The demo's time bank and voucher programme: invented members, shops and payments, in one posting.

Everything is synthetic and says so in its name; rows stand on invented days of the last two months.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.conf import settings

from dure.core import clock
from dure.core.actions import Who, action, line, run
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.ledger import opening, policies
from dure.ledger.models import Account, Lot, Programme, ProgrammeShop
from dure.ledger.posting import Movement, post
from dure.ledger.purposes import GRANT, ISSUE, REDEEM, REDEEM_WON
from dure.registry.models import Centre, Login, Mandate, Organisation

MAPO = "11440"
SEED = 20261121
DAYS = 60
SOURCE = "시연용으로 지어낸 값"
HELP = ("화분 돌보기", "자전거 손보기", "장보기 동행", "숙제 봐주기", "반찬 나눔", "컴퓨터 도움")
BUYS = ("채소", "빵", "책", "수선", "점심", "비누")
REGIONAL: tuple[dict[str, object], ...] = (
    {"part": "issue_limit", "value": 50_000_000, "source": SOURCE},
    {"part": "holding", "value": 500_000, "source": SOURCE},
    {"part": "refund_share_ppm", "value": 600_000, "source": SOURCE},
    {"part": "shop_sales_most", "value": 3_000_000_000, "source": SOURCE},
    {"part": "licence", "words": "시연이므로 등록하지 않음", "source": SOURCE},
)


@dataclass(frozen=True, slots=True)
class DemoBooks:
    """How many programmes, members, shops and rows were invented."""

    programmes: int
    members: int
    shops: int
    rows: int


@action(
    "ledger.demo.load",
    ko="지어낸 시간은행과 상품권 사업을 채웁니다.",
    en="Fill in an invented time bank and voucher programme.",
    policy=policies.may_install,
    letters={},
    who=Who.OPERATOR,
    faces=("cli",),
    idempotent=True,
    long=True,
    writes=(
        "ledger_account",
        "ledger_limitchange",
        "ledger_lot",
        "ledger_programmeshop",
        "ledger_transfer",
    ),
    refusals=(CoreCode.NOT_ALLOWED,),
)
def load_demo(*, actor: Actor) -> DemoBooks:
    """Open both programmes as the demo's people and post what they did, in one statement."""
    if not settings.DEMO:
        raise Refusal(CoreCode.NOT_ALLOWED, role=T("시연 설정", "demo setting"))
    people = list(
        Login.objects.filter(handle__startswith="demo_").values_list("handle", "person_id")
    )
    people.sort()
    chance = random.Random(SEED)  # noqa: S311 - invents, hides nothing
    treasurer, home = _keeper(people, "demo_treasurer")
    bank = _open(Actor.person(treasurer, origin="demo"), home, "timebank", "마포 시간은행(시연)")
    rows = _hours(bank, _members(bank, people, handles=True), chance)
    members, shops = len(people), 0
    official = dict(people).get("demo_official")
    centre = Centre.rows.filter(district=MAPO).order_by("-valid").first()
    if official is not None and centre is not None:
        run_by = Actor.person(official, origin="demo")
        city = _open(run_by, centre.organisation_id, "regional", "마포 상품권(시연)", REGIONAL)
        sold = _shops(city)
        rows += _vouchers(city, _members(city, people, handles=False), sold, chance)
        shops = len(sold)
    rows.sort(key=lambda row: row.event_date or date.min)
    post(rows)
    line().changed("rows", None, len(rows))
    return DemoBooks(1 + bool(shops), members, shops, len(rows))


def _keeper(people: Sequence[tuple[str, UUID | None]], handle: str) -> tuple[UUID, UUID]:
    """The demo's treasurer and her organisation."""
    person = dict(people).get(handle)
    held = Mandate.rows.filter(person=person, role="treasurer", scope_kind="organisation").first()
    if person is None or held is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return person, UUID(held.scope_id)


def _open(
    actor: Actor,
    organisation: UUID,
    kind: str,
    name: str,
    rules: tuple[dict[str, object], ...] = (),
) -> Programme:
    body = {
        "organisation_id": str(organisation),
        "kind": kind,
        "name": name,
        "name_en": "Demo time bank" if kind == "timebank" else "Demo voucher",
        "opens": (clock.today() - timedelta(days=DAYS)).isoformat(),
        "rules": rules,
    }
    made = run("ledger.programme.open", body, actor).result
    found: Programme = Programme.rows.select_related("book", "unit").get(pk=made.id)
    return found


def _members(
    programme: Programme, people: Sequence[tuple[str, UUID | None]], *, handles: bool
) -> list[Account]:
    made = []
    for handle, person in people:
        if person is None:
            continue
        account = opening.member(programme, person=person)
        if handles:
            account.handle, account.audit = handle, line().id
            account.save(update_fields=["handle", "audit"])
        made.append(account)
    return made


def _hours(bank: Programme, members: list[Account], chance: random.Random) -> list[Movement]:
    """Starting grants, then help among neighbours that nobody's balance refuses."""
    assert bank.issuer_id is not None
    begun = clock.today() - timedelta(days=DAYS)
    grant = opening.rule(bank, "grant")
    rows = [Movement(bank.issuer_id, one.pk, grant, GRANT, event_date=begun) for one in members]
    left = {one.pk: grant for one in members}
    for back in range(DAYS - 1, -1, -1):
        for _ in range(chance.randint(1, 4)):
            payer, payee = chance.sample(members, 2)
            minutes = chance.choice((30, 45, 60, 90, 120))
            if left[payer.pk] < minutes:
                continue
            left[payer.pk] -= minutes
            left[payee.pk] += minutes
            on = clock.today() - timedelta(days=back)
            rows.append(Movement(payer.pk, payee.pk, minutes, chance.choice(HELP), event_date=on))
    return rows


def _shops(city: Programme) -> list[ProgrammeShop]:
    """Organisations of the district that take vouchers."""
    rows = Organisation.rows.filter(district=MAPO, ended_on=None, merged_into=None)
    rows = rows.exclude(id=city.book.organisation_id)
    made = []
    for shop in list(rows.order_by("name_key", "id").distinct()[:5]):
        body = {"programme_id": str(city.pk), "shop_id": str(shop.pk), "sales": 200_000_000}
        official = Login.objects.get(handle="demo_official").person_id
        assert official is not None
        run("ledger.programme.shop", body, Actor.person(official, origin="demo"))
        found = ProgrammeShop.rows.select_related("account", "won_account")
        made.append(found.get(programme=city, account__owner_organisation=shop))
    return made


def _vouchers(
    city: Programme, holders: list[Account], shops: list[ProgrammeShop], chance: random.Random
) -> list[Movement]:
    """Won into the fund, one lot to everybody, purchases, and what two shops redeemed."""
    if not shops or city.issuer_id is None or city.fund_id is None:
        return []
    begun = clock.today() - timedelta(days=DAYS)
    bank = Account.rows.get(book=city.book_id, type=Account.Type.ASSET)
    lot = Lot.rows.create(
        programme=city,
        unit=city.unit,
        amount=100_000 * len(holders),
        valid_from=begun,
        valid_to=clock.today() + timedelta(days=300),
        issued_by_group=uuid4(),
        issued_at=clock.now(),
        note="시연 발행",
        audit=line().id,
    )
    parts = opening.parts_of([one.pk for one in holders], lot, city.unit_id, city.book_id)
    issued = Movement(
        city.issuer_id, 0, 100_000, ISSUE, group=lot.issued_by_group, lot=lot.pk, event_date=begun
    )
    rows = [Movement(bank.pk, city.fund_id, 10_000_000, "적립금 예치", event_date=begun)]
    rows += [replace(issued, credit=part) for _, part in sorted(parts.items())]
    left = dict.fromkeys(parts.values(), 100_000)
    taken: dict[int, int] = {}
    for back in range(DAYS - 1, 2, -1):
        for part in chance.sample(sorted(left), min(3, len(left))):
            price = chance.choice((3_500, 6_000, 8_900, 12_000, 15_000))
            if left[part] < price:
                continue
            shop = chance.choice(shops)
            left[part] -= price
            taken[shop.account_id] = taken.get(shop.account_id, 0) + price
            on = clock.today() - timedelta(days=back)
            words = chance.choice(BUYS)
            rows.append(Movement(part, shop.account_id, price, words, lot=lot.pk, event_date=on))
    for shop in shops[:2]:
        won = taken.get(shop.account_id, 0) // 2
        if won and shop.won_account_id is not None:
            group, on = uuid4(), clock.today() - timedelta(days=1)
            rows.append(
                Movement(shop.account_id, city.issuer_id, won, REDEEM, group=group, event_date=on)
            )
            rows.append(
                Movement(
                    city.fund_id, shop.won_account_id, won, REDEEM_WON, group=group, event_date=on
                )
            )
    return rows

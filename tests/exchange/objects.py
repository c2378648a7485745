"""Objects of the journal and the exchange for the matrix."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from dure.core import clock
from dure.core.actors import Actor
from dure.exchange.models import Agreement, Asset, Attestation, Match, Party, Pool
from tests.engines.test_pictures import jpeg
from tests.exchange import factor_objects, food_objects, pool_objects  # noqa: F401  they register their slots
from tests.exchange.ride_objects import a_listing
from tests.harness.given import given
from tests.harness.matrix import Place, slot, value
from tests.harness.people import person

ORDS = (
    b"id,data_provider,country,product_category_id,repair_status,event_date\n"
    b"rc_7,Cafe,KOR,16,Fixed,2025-06-07\n"
)

value("exchange.repair.record:items", [{"category": 1, "outcome": "fixed"}])
value("exchange.repair.import:content", ORDS)
value("exchange.agreement.step:transition", "withdraw")
value("exchange.agreement.step:state", "queued")


for _name in ("show", "take"):
    value(f"exchange.hand_over.{_name}:transition", "withdraw")
    value(f"exchange.hand_over.{_name}:state", "queued")
value("exchange.hand_over.take:digits", "123456")
value("exchange.spending.restate:transfer_ids", ["1"])
value("exchange.photo.add:content", jpeg())
value("exchange.repair.skills:codes", ["repair_light"])
value("exchange.asset.add:terms", ())
value("exchange.match.take:terms", ())
value("exchange.asset.change:terms", ())
value("exchange.listing.publish:terms", ())
for _name in ("starts", "ends", "rate", "spec_id", "qty_max"):
    value(f"exchange.listing.publish:{_name}", None)
for _name in ("starts", "ends", "other_id", "listing_id", "asset_id"):
    value(f"exchange.agreement.open:{_name}", None)
value("exchange.agreement.open:process", "repair")
value("exchange.agreement.open:start", "submit")
value("exchange.agreement.open:terms", ())
value("exchange.agreement.step:hand_over", None)
value("exchange.asset.add:spec_id", None)
for _name in ("asset_id", "spec_id", "organisation_id"):
    value(f"exchange.giving.offer:{_name}", None)
value("exchange.listing.publish:asset_id", None)
value("exchange.listing.publish:unit", "C62")
value("exchange.listing.publish:as_organisation", False)
value("exchange.listing.publish:organisation_id", None)
value("exchange.asset.add:organisation_id", None)


@slot("exchange.pool.cancel:pool_id", "exchange.repair.record:pool_id")
def event(place: Place, actor: Actor) -> str:
    return str(_event(place).id)


@slot("exchange.agreement.open:pool_id", "exchange.repair.place:pool_id", placed=False)
def any_event(place: Place, actor: Actor) -> str:
    return str(_event(place).id)


def _event(place: Place) -> Pool:
    now = clock.now()
    with given() as audit:
        return Pool.rows.create(
            kind="event_queue",
            organisation=place.organisation,
            district_id=place.district,
            title="모임",
            place="회관",
            opens=now - timedelta(hours=1),
            closes=now + timedelta(hours=1),
            created_at=now,
            audit=audit,
        )


def _case(place: Place, state: str) -> Agreement:
    now = clock.now()
    with given() as audit:
        return Agreement.rows.create(
            process="repair",
            version=1,
            state=state,
            organisation=place.organisation,
            district_id=place.district,
            case_id=uuid4(),
            pool=_event(place),
            terms={},
            opened_at=now,
            entered_at=now,
            closed_at=now if state == "handed_back" else None,
            audit=audit,
        )


@slot(
    "exchange.agreement.note:agreement_id",
    "exchange.photo.add:agreement_id",
    "exchange.repair.place:agreement_id",
    owned=True,
)
def case_to_note(place: Place, actor: Actor) -> str:
    return own_case(place, actor)


@slot("exchange.asset.change:asset_id", owned=True)
def own_asset(place: Place, actor: Actor) -> str:
    with given() as audit:
        made = Asset.rows.create(
            title="드릴",
            organisation=place.organisation,
            district_id=place.district,
            owner=place.owner,
            audience="members",
            created_at=clock.now(),
            audit=audit,
        )
    return str(made.id)


@slot("exchange.match.run:district", "exchange.match.ask:district")
def district_to_match(place: Place, actor: Actor) -> str:
    return place.district


@slot(
    "exchange.listing.change:listing_id",
    "exchange.listing.close:listing_id",
    "exchange.listing.leave_matching:listing_id",
    owned=True,
)
def own_listing(place: Place, actor: Actor) -> str:
    return a_listing(place, place.owner, side="request", audience="members")


@slot("exchange.match.decline:match_id", "exchange.match.take:match_id", owned=True)
def own_match(place: Place, actor: Actor) -> str:
    with given() as audit:
        made = Match.rows.create(
            request_id=own_listing(place, actor),
            answered_by=uuid4(),
            run=uuid4(),
            rank=1,
            score=0,
            made_at=clock.now(),
            audit=audit,
        )
    return str(made.id)


@slot("exchange.listing.release:listing_id")
def checked_listing(place: Place, actor: Actor) -> str:
    return a_listing(place, uuid4(), side="request", audience="members", state="check")


@slot("exchange.listing.answer:listing_id", placed=False)
def open_request(place: Place, actor: Actor) -> str:
    return a_listing(place, uuid4(), side="request", audience="public")


@slot(
    "exchange.agreement.step:agreement_id",
    "exchange.hand_over.show:agreement_id",
    "exchange.hand_over.take:agreement_id",
    owned=True,
    placed=False,
)
def own_case(place: Place, actor: Actor) -> str:
    made = _case(place, "queued")
    with given() as audit:
        Party.rows.create(agreement=made, role="owner", person=place.owner, audit=audit)
    return str(made.id)


value("exchange.agreement.reassign:role", "owner")
value("exchange.agreement.reassign:handle", None)


@slot("exchange.agreement.reassign:agreement_id")
def case_of_others(place: Place, actor: Actor) -> str:
    made = _case(place, "queued")
    with given() as audit:
        Party.rows.create(agreement=made, role="owner", person=uuid4(), audit=audit)
    return str(made.id)


@slot("exchange.agreement.reassign:person_id", placed=False)
def any_neighbour(place: Place, actor: Actor) -> str:
    return str(person().id)


@slot("exchange.agreement.correct:agreement_id")
def finished_case(place: Place, actor: Actor) -> str:
    made = _case(place, "handed_back")
    with given() as audit:
        Attestation.rows.create(
            agreement=made,
            role="host",
            kind="outcome",
            value={"outcome": "fixed"},
            made_at=clock.now(),
            audit=audit,
        )
    return str(made.id)


@slot(
    "exchange.pool.open:organisation_id",
    "exchange.repair.import:organisation_id",
    "exchange.repair.skills:organisation_id",
)
def host(place: Place, actor: Actor) -> str:
    return str(place.organisation.id)


value("exchange.pool.step:transition", "triage")
value("exchange.pool.step:agreement_ids", None)
value("exchange.pool.run:transitions", ("triage",))
value("exchange.pool.slice:transitions", ("triage",))
value("exchange.pool.slice:after", None)


@slot("exchange.pool.step:pool_id", "exchange.pool.run:pool_id", "exchange.pool.slice:pool_id")
def pool_to_run(place: Place, actor: Actor) -> str:
    return str(_event(place).id)


value("exchange.repair.export:district", None)  # narrows what is one's own anyway
value("exchange.report.export:process", "time_exchange")
value("exchange.report.export:begins", "2026-05-01")
value("exchange.report.export:ends", "2026-05-31")
slot("exchange.report.export:organisation_id", placed=False)(lambda place, actor: None)

OTHER = "00000000-0000-4000-8000-00000000000b"  # the second person of a reviewed case
value("exchange.review.write:of", OTHER)
value("exchange.review.write:words", ())
value("exchange.review.reply:code", "thanks")
value("exchange.review.object:code", "untrue")
value("exchange.review.rule:code", "stands")


def _ended_for_two(
    place: Place, owner: UUID, *, review: bool, objected: bool = False
) -> tuple[str, str]:
    """An ended repair of an owner and another; the other's review of her, if wanted."""
    case, said = finished_case(place, Actor.operator()), []
    with given() as audit:
        for role, person in (("owner", owner), ("fixer", UUID(OTHER))):
            Party.rows.create(agreement_id=case, role=role, person=person, audit=audit)
        row = {"agreement_id": case, "made_at": clock.now(), "audit": audit, "role": "fixer"}
        if review:
            value_of = {"of": str(owner), "points": 3, "words": []}
            said.append(
                Attestation.rows.create(kind="review", by=UUID(OTHER), value=value_of, **row)
            )
        if objected:
            about = {"about": str(said[0].uid), "code": "untrue"}
            Attestation.rows.create(kind="object", by=owner, value=about, **row)
    return case, str(said[0].uid) if said else ""


@slot("exchange.review.write:agreement_id", owned=True, placed=False)
def case_to_review(place: Place, actor: Actor) -> str:
    return _ended_for_two(place, place.owner, review=False)[0]


@slot(
    "exchange.review.reply:review_id", "exchange.review.object:review_id", owned=True, placed=False
)
def own_review(place: Place, actor: Actor) -> str:
    return _ended_for_two(place, place.owner, review=True)[1]


@slot("exchange.review.rule:review_id")
def objected_review(place: Place, actor: Actor) -> str:
    return _ended_for_two(place, uuid4(), review=True, objected=True)[1]


@slot("exchange.cycle.close:cycle_id", "exchange.pool.allot:pool_id")
def cycle_to_close(place: Place, actor: Actor) -> str:
    now = clock.now()
    with given() as audit:
        made = Pool.rows.create(
            kind="order_cycle",
            organisation=place.organisation,
            district_id=place.district,
            title="회차",
            opens=now - timedelta(hours=2),
            closes=now - timedelta(hours=1),
            terms={"pays": "gift"},
            created_at=now,
            audit=audit,
        )
    return str(made.id)

"""Reads of reviews: of a case, of a person, and those that wait for a coordinator."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet

from dure.core import clock, rulebook
from dure.core.actors import Actor
from dure.exchange import interpreter
from dure.exchange.models import HOSTING, Agreement, Attestation, Party
from dure.exchange.models.places import hosted_q
from dure.exchange.reviewing import NO_REVIEWS, Review, Sums, sums

DAYS_RULE = "exchange.review.shown_days"
WRITE_RULE = "exchange.review.write_days"
LEAST_RULE = "exchange.review.writers_least"
DONE = ("outcome", "confirm", "inspect", "dispute")  # something happened in the case
SHOWN_MAX = 200


def _rule(key: str) -> int:
    return int(rulebook.value(key).value)


def _read(rows: Iterable[Attestation]) -> list[Review]:
    """Reviews with what was answered, objected and ruled; three queries."""
    found = list(rows)
    cases = {row.agreement_id for row in found}
    around = Attestation.rows.filter(
        agreement__in=cases, kind__in=("review", "reply", "object", "ruling")
    ).order_by("seq")
    written: set[tuple[UUID, UUID, str]] = set()
    about: dict[tuple[str, str], str] = {}
    whys: dict[str, str] = {}
    for row in around:
        if row.kind == "review":
            written.add((row.agreement_id, author(row), str(row.value["of"])))
        else:
            about[row.kind, str(row.value["about"])] = str(row.value["code"])
            whys[str(row.value["about"])] = str(row.value.get("why", ""))
    return [
        Review(
            uid=row.uid,
            case=row.agreement_id,
            by=author(row),
            of=UUID(row.value["of"]),
            points=int(row.value["points"]),
            words=tuple(row.value["words"]),
            made_at=row.made_at,
            ended=row.agreement.closed_at or row.made_at,
            is_answered_in_kind=(
                (row.agreement_id, UUID(row.value["of"]), str(author(row))) in written
            ),
            reply=about.get(("reply", str(row.uid))),
            objection=about.get(("object", str(row.uid))),
            ruling=about.get(("ruling", str(row.uid))),
            ruling_why=whys.get(str(row.uid), ""),
        )
        for row in found
    ]


def author(row: Attestation) -> UUID:
    """Whose review it is: for whom somebody acted, else who wrote it."""
    found = row.acted_for or row.by
    assert found is not None
    return found


def _reviews() -> QuerySet[Attestation]:
    return Attestation.rows.filter(kind="review").select_related("agreement").order_by("-seq")


def of_person(person: UUID) -> list[Review]:
    """The newest reviews of a person that others see."""
    now, days = clock.now(), _rule(DAYS_RULE)
    found = _read(_reviews().filter(value__of=str(person))[:SHOWN_MAX])
    return [one for one in found if one.is_seen(now, days)]


def about(person: UUID) -> list[Review]:
    """Every review of a person as she herself sees it: what is hidden from others, too."""
    now, days = clock.now(), _rule(DAYS_RULE)
    found = _read(_reviews().filter(value__of=str(person))[:SHOWN_MAX])
    return [one for one in found if one.objection is not None or one.is_seen(now, days)]


def sums_of(person: UUID) -> Sums | None:
    """What neighbours said of a person, added up; None while too few have written."""
    return sums(of_person(person), _rule(LEAST_RULE))


def least() -> int:
    """From how many different writers sums are shown."""
    return _rule(LEAST_RULE)


def shown_days() -> int:
    """After how many days a review by one side is seen."""
    return _rule(DAYS_RULE)


def written_by(actor: Actor) -> list[Review]:
    """What the reader wrote, newest first."""
    mine = _reviews().filter(by=actor.behalf, acted_for=None)
    return _read((mine | _reviews().filter(acted_for=actor.behalf)).order_by("-seq")[:SHOWN_MAX])


def one(uid: UUID) -> Review | None:
    """One review by its id."""
    return next(iter(_read(_reviews().filter(uid=uid)[:1])), None)


def objected(actor: Actor) -> list[Review]:
    """Reviews that wait for a ruling where the reader coordinates, oldest first; none of her own
    cases."""
    cases = Agreement.objects.within(actor).filter(hosted_q(actor, HOSTING))
    open_ones = Attestation.rows.filter(kind="object", agreement__in=cases)
    ruled = Attestation.rows.filter(kind="ruling").values_list("value__about", flat=True)
    about = open_ones.exclude(value__about__in=ruled).values_list("value__about", flat=True)
    found = _read(_reviews().filter(uid__in=list(about)[:SHOWN_MAX]))
    mine = {actor.id, actor.behalf}
    return [one for one in reversed(found) if not mine & {one.by, one.of}]


def others(agreement: Agreement, actor: Actor) -> list[UUID]:
    """Whom the reader may still review in this case: the other people of an ended case in which
    something happened, within the days of the rulebook, whom she has not reviewed. Who acts for
    somebody writes nothing about herself."""
    process = interpreter.process_of(agreement)
    if agreement.closed_at is None or process.sector in NO_REVIEWS or actor.behalf is None:
        return []
    if clock.now() > agreement.closed_at + timedelta(days=_rule(WRITE_RULE)):
        return []
    people = Party.rows.filter(agreement=agreement, person__isnull=False)
    known = {one for one in people.values_list("person", flat=True) if one is not None}
    if actor.behalf not in known:
        return []
    if not Attestation.rows.filter(agreement=agreement, kind__in=DONE).exists():
        return []
    said = Attestation.rows.filter(agreement=agreement, kind="review")
    done = {UUID(row.value["of"]) for row in said if author(row) == actor.behalf}
    return sorted(known - {actor.behalf, actor.id} - done, key=str)

"""Recoveries: who may see which, the printed code and the link that stops one."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dure.core import clock
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.registry.models import Login, Person, PersonFact, Recovery
from dure.registry.models.recovery import OPEN
from dure.registry.vault import crypto, keys, links, policies
from dure.registry.vault.ring import ring

STOP = "recovery_stop"
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
SIZE, GROUP = 16, 4


@dataclass(frozen=True, slots=True)
class RecoveryShown:
    """A recovery as staff and the person see it."""

    id: UUID
    person_id: UUID
    state: str
    asked_at: datetime
    opens_at: datetime | None
    ends_at: datetime
    may_decide: bool
    may_print: bool


def new_code() -> str:
    """A code of 80 random bits in groups of four, without letters that look alike."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(SIZE))
    return "-".join(drawn[i : i + GROUP] for i in range(0, SIZE, GROUP))


def tag_of(typed: str) -> str:
    """What is stored of a code: a keyed hash of its letters, however they were grouped."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())
    return crypto.tag(ring().latest(keys.HANDLES)[1], "recovery", plain).hex()


def shown(at: datetime) -> str:
    """An instant in a refusal's sentence."""
    return at.astimezone(clock.SEOUL).strftime("%Y-%m-%d %H:%M")


def person_of_centre(body: object, actor: Actor) -> Person:
    """The person named, if the actor is staff of her district's centre; else not found."""
    person: Person | None = Person.rows.filter(pk=getattr(body, "person_id", None)).first()
    if person is None or not policies.is_centre_of_person.holds(actor, person, clock.now()):
        raise Refusal(CoreCode.NOT_FOUND)
    return person


def recovery_in_reach(body: object, actor: Actor) -> Recovery:
    """The recovery named, if it is the actor's own or of her district; else not found."""
    found: Recovery | None = Recovery.rows.filter(pk=getattr(body, "recovery_id", None)).first()
    if found is None or not _reaches(actor, found):
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def _reaches(actor: Actor, recovery: Recovery) -> bool:
    sentence = policies.is_self | policies.is_centre_of_person
    return sentence.holds(actor, recovery, clock.now())


def recovery_locked(body: object, actor: Actor) -> Recovery:
    """The same, held until the commit."""
    found: Recovery = Recovery.rows.select_for_update(no_key=True).get(
        pk=recovery_in_reach(body, actor).pk
    )
    return found


def close_overdue(person_id: UUID, *, audit: UUID) -> None:
    """End what nobody finished in time, so that it can be asked anew; inside an action."""
    rows = Recovery.rows.filter(person_id=person_id, state__in=OPEN, ends_at__lte=clock.now())
    rows.update(state=Recovery.State.STOPPED, code_tag="", audit=audit)


def stop_link(recovery: Recovery) -> str:
    """The link that stops this recovery without signing in."""
    return links.make(STOP, recovery.id, _stamp(recovery), until=recovery.ends_at)


def recovery_behind(link: str, *, locked: bool = False) -> Recovery | None:
    """The open recovery a link stops; None for wrong, spent and over alike."""
    try:
        rows = Recovery.rows.select_for_update(no_key=True) if locked else Recovery.rows
        found: Recovery | None = rows.filter(pk=links.subject_of(link), state__in=OPEN).first()
        if found is None:
            return None
        links.check(link, STOP, _stamp(found), now=clock.now())
    except links.BadLink:
        return None
    return found


def _stamp(recovery: Recovery) -> str:
    return f"{recovery.person_id}:{recovery.ends_at.isoformat()}"


def recovery_of_code(typed: str) -> Recovery | None:
    """The recovery whose code this is, held; None for wrong, used and over alike."""
    if not typed:
        return None
    rows = Recovery.rows.select_for_update(no_key=True).filter(code_tag=tag_of(typed))
    found: Recovery | None = rows.filter(state="printed", code_until__gt=clock.now()).first()
    return found


def open_of(person_id: UUID, actor: Actor) -> RecoveryShown | None:
    """The recovery of a person that is under way, as `actor` sees it."""
    now = clock.now()
    found = Recovery.rows.filter(person_id=person_id, state__in=OPEN, ends_at__gt=now).first()
    return _shown(found, actor, now) if found is not None else None


def _shown(row: Recovery, actor: Actor, now: datetime) -> RecoveryShown:
    return RecoveryShown(
        id=row.id,
        person_id=row.person_id,
        state=row.state,
        asked_at=row.asked_at,
        opens_at=row.opens_at,
        ends_at=row.ends_at,
        may_decide=row.state == "asked" and row.asked_by != actor.id,
        may_print=row.opens_at is not None and row.opens_at <= now,
    )


def waiting_for(actor: Actor, *, limit: int = 5) -> list[RecoveryShown]:
    """Recoveries of the actor's districts that wait for a second of the staff."""
    now = clock.now()
    districts = policies.districts_of_staff(actor)
    if not districts:
        return []
    at_home = PersonFact.rows.filter(kind="home", valid__contains=clock.kst_date(now))
    if "*" not in districts:
        at_home = at_home.filter(value__in=districts)
    rows = Recovery.rows.filter(state="asked", ends_at__gt=now).exclude(asked_by=actor.id)
    rows = rows.filter(person_id__in=at_home.values("person_id")).order_by("asked_at")[:limit]
    return [_shown(row, actor, now) for row in rows]


def handle_of(login_id: str) -> str:
    """The sign-in name of a login that was just got back, for the page that says so once."""
    return Login.objects.get(pk=login_id).handle

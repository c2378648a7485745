"""Notices: what people are told, written in the action and sent after its commit.

Nouns: notice (알림), template (글, words in both languages with named places), quiet hours (조용한
시간), digest (모아 보내기).
Law: a notice holds ids and numbers, never a name or an address; the address is asked of the vault
at the moment of sending. Nothing personal stands in a subject.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Protocol
from uuid import UUID

from django.db.models import QuerySet

from dure.core import clock, rulebook, running
from dure.core.actors import Actor
from dure.core.models.work import Notice, NoticePreference
from dure.core.ports import Port
from dure.core.text import T

Urgency = Notice.Urgency
QUIET_RULE = "notice.quiet"


@dataclass(frozen=True, slots=True)
class Device:
    """One browser that takes push messages: its place among its owner's devices, its address at
    its maker's push service, and its two keys (base64url without padding, RFC 8291)."""

    slot: int
    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways that lead to one person."""

    mail: str | None = field(default=None, repr=False)
    devices: tuple[Device, ...] = ()


class Sealed(Protocol):
    """Ways that open only after the log row of their reading is committed."""

    def open(self) -> Ways:
        """The ways in plain text; raises inside a transaction."""
        ...


Address = Callable[[UUID], Sealed | None]
ADDRESS: Port[Address] = Port("notices.address", served_by="registry")
Gone = Callable[[UUID, int], None]
GONE: Port[Gone] = Port("notices.device_gone", served_by="registry")


@dataclass(frozen=True, slots=True)
class Template:
    """What one kind of notice says; `path` is the page it leads to, with the same places."""

    code: str
    subject: T
    text: T
    path: str
    urgency: Notice.Urgency


TEMPLATES: dict[str, Template] = {}


def template(
    code: str,
    *,
    subject: T,
    text: T,
    path: str = "/me",
    urgency: Notice.Urgency = Notice.Urgency.DAY,
) -> str:
    """Declare a notice once, at import; gives its code. Subjects have no places at all."""
    assert "%(" not in subject.ko + subject.en, f"{code}: nothing personal in a subject"
    declared = Template(code, subject, text, path, urgency)
    assert TEMPLATES.get(code, declared) == declared, f"{code} declared twice"
    TEMPLATES[code] = declared
    return code


def tell(
    person: UUID | str,
    code: str,
    *,
    places: Mapping[str, str | int] | None = None,
    urgency: Notice.Urgency | None = None,
) -> UUID:
    """Write one notice to a person, inside the running action; it is sent after the commit.

    `places` holds ids and numbers for the template's named places.
    """
    return tell_many([person], code, places=places, urgency=urgency)[0]


def tell_many(
    people: Sequence[UUID | str],
    code: str,
    *,
    places: Mapping[str, str | int] | None = None,
    urgency: Notice.Urgency | None = None,
) -> list[UUID]:
    """Write the same notice to several people in one statement."""
    return tell_each([(person, places or {}) for person in people], code, urgency=urgency)


def tell_each(
    rows: Sequence[tuple[UUID | str, Mapping[str, str | int]]],
    code: str,
    *,
    urgency: Notice.Urgency | None = None,
) -> list[UUID]:
    """Write notices of one kind in one statement: to each person with places of her own."""
    declared = TEMPLATES[code]
    present = running.current()
    chosen = urgency or declared.urgency
    for _, places in rows[:1]:
        _fill(declared, places)  # a missing place fails here, not at night
    due = due_at(present.now, chosen, quiet())
    present.notices.add(code)
    made = [
        Notice(
            person=UUID(str(person)),
            template=code,
            places=dict(places),
            channels=["page", "mail"],
            urgency=chosen,
            made_at=present.now,
            due_at=due,
            audit=present.line.id,
        )
        for person, places in rows
    ]
    Notice.rows.bulk_create(made)
    return [row.id for row in made]


def _fill(declared: Template, places: Mapping[str, str | int]) -> tuple[T, str]:
    text = T(declared.text.in_("ko", places), declared.text.in_("en", places))
    return text, declared.path % places if places else declared.path


def quiet() -> tuple[time, time]:
    """The quiet hours [from, to) of the rulebook, Korean time."""
    start, end = rulebook.value(QUIET_RULE).value
    return time.fromisoformat(start), time.fromisoformat(end)


def due_at(at: datetime, urgency: Notice.Urgency, hours: tuple[time, time]) -> datetime:
    """When a notice written at `at` may go out: `hours` are quiet, [from, to) in Korean time.

    ``now`` passes at once; ``day`` waits for the end of the quiet hours; ``digest`` waits for the
    next end of quiet hours, so that at most one mail a day goes out.

    >>> from datetime import UTC
    >>> night = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)  # 21:00 in Seoul
    >>> due_at(night, Notice.Urgency.DAY, (time(21), time(8))).astimezone(clock.SEOUL).isoformat()
    '2026-07-02T08:00:00+09:00'
    """
    if urgency is Notice.Urgency.NOW:
        return at
    _, end = hours
    local = at.astimezone(clock.SEOUL)
    if urgency is Notice.Urgency.DAY and not _is_within(local.time(), hours):
        return at
    until = local.replace(hour=end.hour, minute=end.minute, second=end.second, microsecond=0)
    if until <= local:
        until += timedelta(days=1)
    return until


def _is_within(at: time, hours: tuple[time, time]) -> bool:
    start, end = hours
    return start <= at or at < end if start > end else start <= at < end


def preferred(
    row: Notice, wish: NoticePreference | None, at: datetime, hours: tuple[time, time]
) -> tuple[Notice.Urgency, datetime]:
    """How urgent a due notice is for its reader, and when it may go out: now, or later.

    A person's own quiet hours come on top of the rulebook's `hours`; where the two leave no moment
    of the day, the end of her own is hers. Who gathers gets a notice of the day with the next
    morning's. ``now`` passes all of it.
    """
    urgency = Notice.Urgency(row.urgency)
    if wish is None or urgency is Notice.Urgency.NOW:
        return urgency, at
    if wish.digest and urgency is Notice.Urgency.DAY:
        return Notice.Urgency.DIGEST, due_at(at, Notice.Urgency.DIGEST, hours)
    if wish.quiet_from is None or wish.quiet_to is None:
        return urgency, at
    own = (wish.quiet_from, wish.quiet_to)
    due = ends = due_at(at, Notice.Urgency.DAY, own)
    for _ in range(2):
        later = due_at(due, Notice.Urgency.DAY, hours)
        if later == due:
            return urgency, due
        due = due_at(later, Notice.Urgency.DAY, own)
        if due == later:
            return urgency, due
    return urgency, ends


@dataclass(frozen=True, slots=True)
class Message:
    """A notice as its reader sees it."""

    id: UUID
    subject: T
    text: T
    path: str
    made_at: datetime
    is_new: bool


def inbox(actor: Actor, *, unread: bool = False) -> QuerySet[Notice]:
    """The notices of the person who acts, the newest first, for `message`; rows, to be paged."""
    rows = Notice.rows.filter(person=actor.id, template__in=TEMPLATES).order_by("-made_at", "id")
    return rows.filter(seen_at__isnull=True) if unread else rows


def of(actor: Actor, *, limit: int = 20) -> list[Message]:
    """The newest notices of the person who acts."""
    if actor.id is None:
        return []
    rows = Notice.rows.filter(person=actor.id).order_by("-made_at")[:limit]
    return [message(row) for row in rows if row.template in TEMPLATES]


def message(row: Notice) -> Message:
    """One notice in words."""
    declared = TEMPLATES[row.template]
    text, path = _fill(declared, row.places)
    return Message(row.id, declared.subject, text, path, row.made_at, row.seen_at is None)

"""Heads of all sealed chains, and the public list that fixes them for each day (사슬의 머리).

Nouns: chain (사슬), head (머리, its newest digest), published head (알린 머리).
Law: the list only grows at its end, in the order of commit; what stands in it never changes, so a
copy kept elsewhere is a beginning of every later one. A chain is whoever has a `SealHead`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection

from dure.core import clock, notices
from dure.core.actions import Who, action, line
from dure.core.actors import Actor, Role
from dure.core.jobs import timer
from dure.core.models.seals import PublishedHead, SealHead
from dure.core.policies import is_operator, is_timer
from dure.core.ports import Port
from dure.core.text import T
from dure.engines import published_heads
from dure.engines.published_heads import HeadLine

NAME = "core.heads.publish"
Occasion = PublishedHead.Occasion

# People who hold a role at an instant, for notices to all of them.
Holders = Callable[[Role, datetime], tuple[UUID, ...]]
HOLDERS: Port[Holders] = Port("actors.holders", served_by="registry")

HEADS_FIXED = notices.template(
    "core.heads.published",
    subject=T("오늘의 사슬 머리", "Heads of the day"),
    text=T(
        "%(day)s 머리입니다. 이 편지를 간직하면 나중에 기록이 바뀌었는지 견줄 수 있습니다."
        "\n%(heads)s",
        "Heads of %(day)s. Keep this letter: a later change of the records would differ from it."
        "\n%(heads)s",
    ),
    path="/data/heads/",
    urgency=notices.Urgency.DIGEST,
)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one chain: number of its newest seal, digest in hex, instant of the seal."""

    chain: str
    number: int
    digest: str
    sealed_at: datetime | None


def newest() -> list[Head]:
    """The heads of all chains, by name of the chain; a chain without a seal has number 0."""
    return [
        Head(one.chain, one.number, bytes(one.digest).hex(), one.sealed_at)
        for one in SealHead.rows.order_by("chain")
    ]


def move(chain: str, *, number: int, digest: str, horizon: int) -> None:
    """Set the head of a chain that keeps its seals in a table of its own, inside its action."""
    SealHead.rows.update_or_create(
        chain=chain,
        defaults={
            "number": number,
            "digest": bytes.fromhex(digest),
            "horizon": horizon,
            "sealed_at": clock.now(),
        },
    )


def lock() -> None:
    """Let one publisher at a time read heads and add to the list, until its commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('core.heads'))")


def lines_now(occasion: str, name: str) -> list[HeadLine]:
    """The heads of all chains that have a seal, as lines of the public list."""
    return [
        line_of(occasion, name, one)
        for one in newest()
        if one.number > 0 and one.sealed_at is not None
    ]


def line_of(occasion: str, name: str, head: Head) -> HeadLine:
    """One head as a line of the public list."""
    assert head.sealed_at is not None, "a head with a number has its instant"
    at = head.sealed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return HeadLine(occasion, name, head.chain, head.number, at, head.digest)


def publish(lines: Iterable[HeadLine]) -> None:
    """Add lines to the public list, inside an action that holds the `lock`."""
    PublishedHead.rows.bulk_create(
        PublishedHead(
            occasion=one.occasion,
            name=one.name,
            chain=one.chain,
            number=one.number,
            digest=bytes.fromhex(one.digest),
            sealed_at=datetime.fromisoformat(one.sealed_at),
            published_at=clock.now(),
            audit=line().id,
        )
        for one in lines
    )


def published() -> list[HeadLine]:
    """The public list, oldest first."""
    return [_line(row) for row in PublishedHead.rows.order_by("id")]


def _line(row: PublishedHead) -> HeadLine:
    head = Head(row.chain, row.number, bytes(row.digest).hex(), row.sealed_at)
    return line_of(row.occasion, row.name, head)


def text() -> bytes:
    """The public list as `heads.txt` has it: docs/open-data-format.md."""
    return published_heads.write(published())


@dataclass(frozen=True, slots=True)
class HeadsFixed:
    """The day whose heads were fixed, and how many chains were new in its list."""

    day: str
    chains: int


@action(
    NAME,
    ko="사슬의 머리를 그날 것으로 굳혀 공개하고 감사에게 알립니다.",
    en="Fix the heads of the chains for the day, publish them and tell the auditors.",
    policy=is_timer | is_operator,
    letters={},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("job", "cli"),
    writes=("core_publishedhead",),
    notices=(HEADS_FIXED,),
)
def publish_heads(*, actor: Actor) -> HeadsFixed:
    """Add one head a chain for today; a chain whose head stands there already is left alone.

    Effects: lines of the public list, one notice to each auditor when there was a new line.
    """
    lock()
    day = clock.today().isoformat()
    new = _missing(day)
    publish(new)
    for one in new:
        line().changed(one.chain, None, f"{one.number} {one.digest}")
    if new:
        told = "\n".join(f"{one.chain} {one.number} {one.digest}" for one in new)
        auditors = HOLDERS.call(Role.AUDITOR, clock.now())
        if auditors:
            notices.tell_many(auditors, HEADS_FIXED, places={"day": day, "heads": told})
    return HeadsFixed(day, len(new))


def _missing(day: str) -> list[HeadLine]:
    there = set(
        PublishedHead.rows.filter(occasion=Occasion.DAY, name=day).values_list("chain", flat=True)
    )
    return [one for one in lines_now(Occasion.DAY.value, day) if one.chain not in there]


def is_publish_due() -> bool:
    """Whether a chain has a head and none in today's list."""
    return bool(_missing(clock.today().isoformat()))


timer(NAME, cron="20 * * * *", when=is_publish_due)  # the day's first hour; later if it was missed

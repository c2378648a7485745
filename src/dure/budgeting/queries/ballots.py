"""What may be read around the ballot: one's own mark, and counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from dure.budgeting.models import Call
from dure.core.actors import Actor
from dure.governance.models import RollEntry


@dataclass(frozen=True, slots=True)
class OwnMark:
    """What a voter may see of her own vote: that it counts, where it was given and on which day."""

    on_roll: bool
    part: str
    channel: str | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Turnout:
    """Counts of one part of the roll; the page that shows it applies the disclosure rules."""

    part: str
    on_roll: int
    online: int
    paper: int


def own_mark(actor: Actor, call: Call) -> OwnMark:
    """The actor's own standing on the roll and her mark; never her choice."""
    entry = (
        RollEntry.objects.within(actor)
        .filter(roll=call.roll_id, person=actor.id, standing="voting")
        .first()
        if call.roll_id and actor.id
        else None
    )
    if entry is None:
        return OwnMark(False, "", None, None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT channel, day FROM marks.mark_of(%s, %s)", (call.id, actor.id))
        found = cursor.fetchone()
    channel, day = found or (None, None)
    return OwnMark(True, entry.part, channel, day)


def turnout(call: Call) -> tuple[Turnout, ...]:
    """How many of each part may vote and did, by part; exact, for those who run the call."""
    rolls: dict[str, int] = {}
    entries = RollEntry.objects.everything("counts by part")
    for part in entries.filter(roll=call.roll_id, standing="voting").values_list("part", flat=True):
        rolls[part] = rolls.get(part, 0) + 1
    voted: dict[str, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT part, channel, n FROM marks.counts(%s)", (call.id,))
        for part, channel, n in cursor.fetchall():
            voted.setdefault(part, {})[channel] = n
    return tuple(
        Turnout(
            part,
            rolls[part],
            voted.get(part, {}).get("online", 0),
            voted.get(part, {}).get("paper", 0),
        )
        for part in sorted(rolls)
    )


def papers_void(call_id: UUID) -> tuple[int, int]:
    """How many papers of a call were merged, and how many of them count for nothing; exact."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(jsonb_array_length(e.slips)), 0), coalesce(sum((SELECT count(*)"
            " FROM jsonb_array_elements(e.slips) s WHERE jsonb_typeof(s -> 1) <> 'array')), 0)"
            " FROM budgeting_papermatch m JOIN budgeting_paperbatch b ON b.id = m.batch_id"
            " CROSS JOIN LATERAL (SELECT slips FROM budgeting_papernewest"
            " WHERE batch_id = b.id ORDER BY id LIMIT 1) e WHERE b.call_id = %s",
            (call_id,),
        )
        merged, void = cursor.fetchone()
    return int(merged), int(void)


def slips_in_urn(call_id: UUID) -> int:
    """How many slips lie in the urn of a call; equals its online marks while the vote is open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT urn.counts(%s)", (call_id,))
        (slips,) = cursor.fetchone()
    return int(slips)

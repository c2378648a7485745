"""Calendar feeds (iCalendar): a member's bookings as any calendar programme reads them.

Nouns
    entry : one booking: its id for ever, a version that only grows, a state, a time, a title
    feed  : one member's entries as one text/calendar file
Law
    UID is the commitment's id and never changes; SEQUENCE is its version; held is TENTATIVE, out
    and done are CONFIRMED, released is CANCELLED. Times are UTC. Lines end in CR LF and are folded
    at 75 octets without cutting a character. What a title may not say is left out by the caller.
Source
    RFC 5545 (3.1 lines, 3.3.11 text, 3.6.1 VEVENT, 3.8.1.11 status, 3.8.7.4 sequence); RFC 7986
    (name, refresh interval).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

LINE_OCTETS: Final = 75
PRODUCT: Final = "-//Dure//Dure//KO"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WORD: Final = re.compile(r"[A-Za-z0-9._:@-]{1,255}")


class Status(StrEnum):
    """Status of a VEVENT."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


STATUS_OF: Final = {
    "held": Status.TENTATIVE,
    "out": Status.CONFIRMED,
    "done": Status.CONFIRMED,
    "released": Status.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A booking: state is that of the commitment; ends None = open, shown as its first hour.

    uid      : 1 … 255 of letters, digits and . _ : @ -
    sequence : >= 0, grows with every change
    changed  : when it was last changed; begins, ends: aware instants
    """

    uid: str
    sequence: int
    state: str
    begins: datetime
    ends: datetime | None
    title: str
    changed: datetime
    place: str = ""
    note: str = ""
    address: str = ""


def feed(entries: Iterable[Entry], *, name: str, made_at: datetime, domain: str = "dure") -> bytes:
    """Write a member's calendar.

    entries : bookings, each uid once; written by begin, then uid
    name    : title of the calendar, shown by programmes
    made_at : instant of writing, aware
    domain  : what follows @ in a UID, so that it is unique in the world
    Returns   UTF-8 bytes of one VCALENDAR.
    Raises    AssertionError for an unknown state, a naive instant, an end not after its begin, a
              repeated or unfit uid, an address that is not http(s).
    Source    RFC 5545.

    >>> at = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
    >>> one = Entry("c1", 2, "held", at, at.replace(hour=3), "사다리, 2단", at)
    >>> text = feed([one], name="내 약속", made_at=at).decode()
    >>> [line for line in text.splitlines() if line.startswith(("UID", "STATUS", "SUM", "SEQ"))]
    ['UID:c1@dure', 'SEQUENCE:2', 'STATUS:TENTATIVE', 'SUMMARY:사다리\\\\, 2단']
    """
    rows = sorted(entries, key=lambda entry: (entry.begins, entry.uid))
    assert len({entry.uid for entry in rows}) == len(rows), "a uid stands twice"
    assert _WORD.fullmatch(domain), domain
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for entry in rows:
        lines += _event(entry, made_at, domain)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event(entry: Entry, made_at: datetime, domain: str) -> list[str]:
    assert _WORD.fullmatch(entry.uid) and entry.sequence >= 0, entry
    assert entry.state in STATUS_OF, entry.state
    assert entry.ends is None or entry.begins < entry.ends, entry
    lines = [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}@{domain}",
        f"DTSTAMP:{instant(made_at)}",
        f"LAST-MODIFIED:{instant(entry.changed)}",
        f"SEQUENCE:{entry.sequence}",
        f"STATUS:{STATUS_OF[entry.state]}",
        f"DTSTART:{instant(entry.begins)}",
        f"DTEND:{instant(entry.ends)}" if entry.ends else "DURATION:PT1H",
        f"SUMMARY:{escaped(entry.title)}",
    ]
    if entry.place:
        lines.append(f"LOCATION:{escaped(entry.place)}")
    if entry.note:
        lines.append(f"DESCRIPTION:{escaped(entry.note)}")
    if entry.address:
        assert re.fullmatch(r"https?://[!-~]+", entry.address), entry.address
        lines.append(f"URL:{entry.address}")
    if entry.state == "released":
        lines.append("TRANSP:TRANSPARENT")
    return [*lines, "END:VEVENT"]


def instant(at: datetime) -> str:
    """Write an aware instant in UTC, whole seconds.

    >>> instant(datetime(2026, 7, 1, 1, 2, 3, tzinfo=UTC))
    '20260701T010203Z'
    """
    assert at.tzinfo is not None, "a naive instant"
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text: str) -> str:
    r"""Escape a text value: backslash, semicolon, comma and line ends; control characters go.

    >>> print(escaped("a;b,c\\d\r\ne"))
    a\;b\,c\\d\ne
    """
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for mark in ("\\", ";", ","):
        plain = plain.replace(mark, f"\\{mark}")
    return plain.replace("\n", "\\n")


def folded(line: str) -> bytes:
    r"""Fold one line at 75 octets, between characters, and end it.

    >>> [len(part) for part in folded("SUMMARY:" + "두" * 40).split(b"\r\n")]
    [74, 55, 0]
    """
    parts: list[bytes] = []
    part, room = b"", LINE_OCTETS
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > room:
            parts.append(part)
            part, room = b"", LINE_OCTETS - 1  # the blank that begins a continued line counts
        part += octets
    return b"\r\n ".join([*parts, part]) + b"\r\n"

"""Calendar feeds: read back by a library, folding, escaping, states."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from dure.engines.ical import Entry, escaped, feed, folded

KST = timezone(timedelta(hours=9))
AT = datetime(2026, 7, 1, 10, 0, tzinfo=KST)


def entry(**more: object) -> Entry:
    plain: dict[str, object] = {
        "uid": "c1",
        "sequence": 3,
        "state": "held",
        "begins": AT,
        "ends": AT + timedelta(hours=2),
        "title": "전동 드릴",
        "changed": AT - timedelta(days=1),
    }
    return Entry(**{**plain, **more})  # type: ignore[arg-type]  # by field


def test_a_library_reads_what_was_written() -> None:
    listed = [
        entry(
            place="두레 도구방; 2층", note="가져올 것:\n장갑, 안경", address="https://dure.test/a/1"
        ),
        entry(uid="c2", state="out", sequence=0, ends=None, begins=AT + timedelta(days=1)),
        entry(uid="c0", state="released", begins=AT - timedelta(days=2)),
    ]
    calendar = Calendar.from_ical(feed(listed, name="내 약속", made_at=AT, domain="dure.test"))
    assert str(calendar["X-WR-CALNAME"]) == "내 약속"
    events = list(calendar.walk("VEVENT"))
    assert [str(event["UID"]) for event in events] == [
        "c0@dure.test",
        "c1@dure.test",
        "c2@dure.test",
    ]
    assert [str(event["STATUS"]) for event in events] == ["CANCELLED", "TENTATIVE", "CONFIRMED"]
    middle = events[1]
    assert middle.decoded("DTSTART") == AT and middle.decoded("DTEND") == AT + timedelta(hours=2)
    assert middle.decoded("SEQUENCE") == 3
    assert str(middle["SUMMARY"]) == "전동 드릴"
    assert str(middle["LOCATION"]) == "두레 도구방; 2층"
    assert str(middle["DESCRIPTION"]) == "가져올 것:\n장갑, 안경"
    assert middle.decoded("DTSTAMP") == AT.astimezone(UTC)
    assert events[2].decoded("DURATION") == timedelta(hours=1)
    assert all(not event.errors for event in events)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_comes_back(title: str, note: str) -> None:
    def kept(text: str) -> str:
        plain = text.replace("\r\n", "\n").replace("\r", "\n")
        return "".join(c for c in plain if c in "\n\t" or (c >= " " and c != "\x7f"))

    title, note = f"t{title}", f"n{note}"
    if any(0xD800 <= ord(c) <= 0xDFFF for c in title + note):
        return
    text = feed([entry(title=title, note=note)], name="x", made_at=AT)
    unfolded = text.replace(b"\r\n ", b"").decode().split("\r\n")
    told = {line.partition(":")[0]: line.partition(":")[2] for line in unfolded}
    assert told["SUMMARY"] == escaped(title) and told["DESCRIPTION"] == escaped(note)
    assert (
        told["DESCRIPTION"]
        .replace("\\\\", "\0")
        .replace("\\n", "\n")
        .replace("\\,", ",")
        .replace("\\;", ";")
        .replace("\0", "\\")
    ) == kept(note)


@given(st.text(alphabet="a두레😀,", max_size=300))
def test_no_line_is_longer_than_75_octets_and_none_cuts_a_character(text: str) -> None:
    parts = folded(text).split(b"\r\n")
    assert parts.pop() == b""
    assert all(len(part) <= 75 for part in parts)
    assert "".join(part.decode().removeprefix(" ") for part in parts) == text


def test_an_injected_line_stays_text() -> None:
    text = feed([entry(title="x\r\nATTENDEE:mailto:a@dure.test")], name="x", made_at=AT)
    event = Calendar.from_ical(text).walk("VEVENT")[0]
    assert "ATTENDEE" not in event


@pytest.mark.parametrize(
    "more",
    [
        {"state": "lost"},
        {"ends": AT},
        {"begins": AT.replace(tzinfo=None), "ends": None},
        {"sequence": -1},
        {"uid": "a\r\nb"},
        {"address": "javascript:alert(1)"},
    ],
)
def test_bad_entries_are_refused(more: dict[str, object]) -> None:
    with pytest.raises(AssertionError):
        feed([entry(**more)], name="x", made_at=AT)


def test_a_uid_stands_once() -> None:
    with pytest.raises(AssertionError, match="stands twice"):
        feed([entry(), entry()], name="x", made_at=AT)

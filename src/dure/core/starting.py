"""What must hold before a process starts: ports plugged, entries whole.

Law: a port that nobody serves, or an entry without policy, letters or words, stops the start.
"""

from __future__ import annotations

from dure.core.actions import CATALOGUE, Entry, Who
from dure.core.jobs import TIMERS
from dure.core.ports import PORTS

LETTERS = frozenset("omdp2 ")
FACES = frozenset({"web", "api", "cli", "job", "import"})


def faults() -> list[str]:
    """Everything that stops the start, in words; empty when the house is whole."""
    found = [
        f"port {port.name} is not served ({port.served_by})"
        for port in PORTS.values()
        if not port.is_plugged
    ]
    for entry in CATALOGUE.values():
        found += [f"{entry.name}: {fault}" for fault in _entry_faults(entry)]
    found += [
        f"timer {name} names no action of timers"
        for name in TIMERS
        if name not in CATALOGUE or Who.TIMER not in CATALOGUE[name].who
    ]
    return found


def _entry_faults(entry: Entry) -> list[str]:
    found = []
    if Who.PERSON in entry.who and not entry.letters:
        found.append("people may call it, but it states no letters")
    for role, letters in entry.letters.items():
        if not set(letters) <= LETTERS or not letters.strip():
            found.append(f"letters {letters!r} of {role}")
    if set(entry.faces) - FACES:
        found.append(f"faces {sorted(set(entry.faces) - FACES)}")
    if not entry.text.ko.endswith(".") or not entry.text.en.endswith("."):
        found.append("its words are no sentence")
    return found


def assert_whole() -> None:
    """Raise AssertionError with every fault; called once when a process starts."""
    found = faults()
    assert not found, "this process does not start:\n" + "\n".join(found)

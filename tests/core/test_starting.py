"""A process does not start while a port is open or an entry is not whole."""

from __future__ import annotations

import pytest

from dure.core import jobs, starting
from dure.core.actors import Role
from dure.core.ports import PORTS
from tests.harness.probe import probing


def test_house_is_whole() -> None:
    assert starting.faults() == []


@pytest.mark.parametrize("name", sorted(PORTS))
def test_open_port_stops_the_start(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PORTS[name], "_function", None)
    with pytest.raises(AssertionError, match=f"port {name} is not served"):
        starting.assert_whole()


def test_port_is_plugged_once() -> None:
    port = PORTS["facts.sink"]
    with pytest.raises(AssertionError, match="plugged twice"):
        port.plug(lambda label, rows: 0)


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"letters": {}}, "states no letters"),
        ({"letters": {Role.STAFF: "x"}}, "letters 'x'"),
        ({"letters": {Role.STAFF: " "}}, "letters ' '"),
        ({"faces": ("web", "telnet")}, "telnet"),
        ({"ko": "시험"}, "no sentence"),
        ({"en": "Test"}, "no sentence"),
    ],
)
def test_entry_that_is_not_whole_stops_the_start(options: dict[str, object], fault: str) -> None:
    with probing(**options), pytest.raises(AssertionError, match=fault):
        starting.assert_whole()


def test_timer_without_an_action_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(jobs.TIMERS, "no.such", jobs.Timer("no.such", "* * * * *"))
    with pytest.raises(AssertionError, match=r"no\.such"):
        starting.assert_whole()

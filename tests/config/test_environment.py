"""Settings: unknown names and odd values stop the start; secrets are files."""

from __future__ import annotations

from pathlib import Path

import pytest

from dure.config.env import EnvironmentRefused, parse_url, read_environment
from dure.config.keys import ensure_keys, read_key
from dure.config.listening import RunRefused, free_port
from dure.config.places import DatabaseRefused, make_place


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DURE_UNKNOWN", "1"),
        ("PORT", "70000"),
        ("PORT", "80a"),
        ("DURE_CITY", "서울"),
        ("DURE_WORKERS", "0"),
    ],
)
def test_a_faulty_environment_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(
        EnvironmentRefused, match=name.removeprefix("DURE_").lower()[:4] + "|" + name
    ):
        read_environment()


def test_a_url_of_another_engine_is_refused() -> None:
    with pytest.raises(EnvironmentRefused):
        parse_url("mysql://x/y")


def test_a_url_keeps_its_parts() -> None:
    parts = parse_url("postgresql://a:b%40c@db.test:5433/dure")
    assert parts == {
        "HOST": "db.test",
        "PORT": "5433",
        "USER": "a",
        "PASSWORD": "b@c",
        "NAME": "dure",
    }


def test_keys_are_made_once_and_closed(tmp_path: Path) -> None:
    ensure_keys(tmp_path / "keys", ("signing",))
    first = read_key(tmp_path / "keys", "signing")
    ensure_keys(tmp_path / "keys", ("signing",))
    assert read_key(tmp_path / "keys", "signing") == first
    assert len(first) == 32
    assert (tmp_path / "keys" / "signing").stat().st_mode & 0o777 == 0o400


def test_a_place_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    with pytest.raises(DatabaseRefused):
        make_place(tmp_path / "x" / "data")


def test_a_taken_port_is_refused() -> None:
    import socket

    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        with pytest.raises(RunRefused, match=str(holder.getsockname()[1])):
            free_port("127.0.0.1", holder.getsockname()[1], seconds=0.1)

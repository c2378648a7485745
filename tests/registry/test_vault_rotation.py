"""Changing keys while serving, and what an older dump tells after an erasure."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections

from dure.config.database import SUPERUSER, Server, find_binaries
from dure.core.actors import Actor
from dure.registry import vault
from dure.registry.vault import crypto, keys, rotation

STAFF = Actor.person(UUID(int=7), origin="test")
WHY = "창구에서 본인이 부탁함"
PHONE = "+821000004628"


@pytest.fixture
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the keys that this test may destroy."""
    folder = tmp_path / "keys"
    shutil.copytree(settings.DURE_KEYS, folder, ignore=shutil.ignore_patterns("signing"))
    monkeypatch.setattr(settings, "DURE_KEYS", folder)
    return folder


def kept(name: str, **cells: str) -> UUID:
    subject = uuid4()
    vault.store(vault.Entry(subject, {"name": name, **cells}), actor=STAFF, purpose="account")
    return subject


def name_of(subject: UUID) -> str:
    answer = vault.read(subject, ["name"], actor=STAFF, purpose="counter_service", reason=WHY)
    return answer.open()["name"]


def test_rotation_moves_every_row_and_destroys_the_old_keys(commits: str, own_keys: Path) -> None:
    people = [
        kept(f"사람{number}", phone=f"+8210000000{number:02}", birth_on="1954-03-01")
        for number in range(12)
    ]
    before = vault.ring().latest(keys.WRAPPING)[0]
    assert rotation.rotate() == rotation.Rotated(rewrapped=12, indexed=24)
    assert vault.ring().versions(keys.WRAPPING) == (before + 1,)
    assert len(list(own_keys.glob("wrapping-*.key"))) == 1
    assert [name_of(person) for person in people] == [f"사람{number}" for number in range(12)]
    found = [
        vault.find("phone", f"+8210000000{number:02}", actor=STAFF, purpose="sign_in")
        for number in range(12)
    ]
    assert found == people
    assert vault.find_named("사람3", "1954", actor=STAFF, purpose="roll_booth") == (people[3],)
    assert vault.find_named("사람3", "", actor=STAFF, purpose="roll_booth") == ()


def test_a_thousand_reads_during_rotation_all_open(commits: str, own_keys: Path) -> None:
    people = [kept(f"사람{number}", phone=f"+8210000000{number:02}") for number in range(40)]
    stop = threading.Event()
    seen: list[str] = []
    faults: list[BaseException] = []

    def serve() -> None:
        try:
            turn = 0
            while not stop.is_set() or turn < 500:
                number = turn % 40
                seen.append(name_of(people[number]))
                phone = f"+8210000000{number:02}"
                assert vault.find("phone", phone, actor=STAFF, purpose="sign_in") == people[number]
                turn += 1
        except BaseException as fault:  # noqa: BLE001  told to the test, which fails on it
            faults.append(fault)
        finally:
            connections.close_all()

    readers = [threading.Thread(target=serve) for _ in range(2)]
    for reader in readers:
        reader.start()
    for _ in range(3):
        rotation.rotate()
    stop.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert len(seen) >= 1000


def test_search_survives_a_rotation_in_its_midst(
    commits: str, own_keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = kept("찾는이", phone=PHONE)
    tag, rotations = crypto.tag, []

    def tag_after_a_rotation(key: bytes, scheme: str, value: str) -> bytes:
        if not rotations:
            rotations.append("begun")
            rotation.rotate()
        return tag(key, scheme, value)

    monkeypatch.setattr(crypto, "tag", tag_after_a_rotation)
    assert vault.find("phone", PHONE, actor=STAFF, purpose="sign_in") == subject
    assert rotations == ["begun"]
    assert vault.find("phone", "+821099999999", actor=STAFF, purpose="sign_in") is None


def test_writer_with_the_old_key_commits_before_rotation_ends(commits: str, own_keys: Path) -> None:
    from django.db import transaction

    done = threading.Event()

    def rotate() -> None:
        rotation.rotate()
        done.set()
        connections.close_all()

    rotating = threading.Thread(target=rotate)
    with transaction.atomic():
        subject = kept("늦은이", phone=PHONE)
        rotating.start()
        assert not done.wait(0.5)
    rotating.join()
    assert name_of(subject) == "늦은이"
    assert vault.find("phone", PHONE, actor=STAFF, purpose="sign_in") == subject


def dumped(server: Server, database: str, into: Path) -> Path:
    """A dump of the vault's schema as the superuser takes it."""
    binaries = find_binaries()
    dsn = server.dsn(SUPERUSER, database)
    command = [str(binaries.bin / "pg_dump"), "--dbname", dsn, "--schema", "vault", "--data-only"]
    done = subprocess.run([*command, "--inserts"], capture_output=True, check=True)
    into.write_bytes(done.stdout)
    return into


def cells_in(dump: Path, subject: UUID) -> tuple[bytes, int, dict[str, bytes]]:
    """The wrapped key, its id and the cells of one subject, as a thief of the dump has them."""
    wrapped, key_id, cells = b"", 0, {}
    for text in dump.read_text().splitlines():
        if str(subject) not in text:
            continue
        if text.startswith("INSERT INTO vault.subject"):
            values = text.partition("VALUES (")[2].split(", ")
            wrapped, key_id = bytes.fromhex(values[2].strip("'")[2:]), int(values[3])
        elif text.startswith("INSERT INTO vault.cell"):
            _, name, sealed = text.partition("VALUES (")[2].rstrip(");").split(", ")
            cells[name.strip("'")] = bytes.fromhex(sealed.strip("'")[2:])
    return wrapped, key_id, cells


def opened(dump: Path, subject: UUID, folder: Path) -> dict[str, str]:
    """What the dump gives with the keys of a folder."""
    wrapped, key_id, cells = cells_in(dump, subject)
    ring = keys.KeyRing(folder)
    data_key = crypto.unwrap(ring.get(keys.WRAPPING, key_id), key_id, subject, wrapped)
    return {
        name: crypto.unseal(data_key, crypto.Place("person", name, subject), sealed)
        for name, sealed in cells.items()
    }


def guessed(dump: Path, folder: Path) -> bool:
    """Whether the phone number can be confirmed in the dump's blind index with these keys."""
    ring = keys.KeyRing(folder)
    text = dump.read_text()
    return any(
        crypto.tag(ring.get(keys.INDEX, version), "phone", PHONE).hex() in text
        for version in ring.versions(keys.INDEX)
    )


def test_erased_person_is_dark_in_an_older_dump(
    commits: str, own_keys: Path, server: Server, tmp_path: Path
) -> None:
    subject, other = kept("홍길동", phone=PHONE), kept("이산")
    before = tmp_path / "keys-before"
    shutil.copytree(own_keys, before)
    dump = dumped(server, commits, tmp_path / "dump.sql")
    # the same reading, with the keys of that day, opens everything: what it finds is there
    assert opened(dump, subject, before) == {"name": "홍길동", "phone": PHONE}
    assert guessed(dump, before)

    vault.erase(subject, actor=STAFF, purpose="erasure", reason=WHY)
    rotation.rotate()

    with pytest.raises(keys.KeyMissing):
        opened(dump, subject, own_keys)
    assert not guessed(dump, own_keys)
    assert name_of(other) == "이산"


def test_nothing_personal_stands_in_clear_in_a_whole_dump(commits: str, server: Server) -> None:
    kept("뚜렷한이름", phone=PHONE, mail="clear@example.test")
    binaries = find_binaries()
    done = subprocess.run(
        [str(binaries.bin / "pg_dump"), "--dbname", server.dsn(SUPERUSER, commits)],
        capture_output=True,
        check=True,
    )
    for text in ("뚜렷한이름", "1000004628", "clear@example.test"):
        assert text.encode() not in done.stdout
        assert text.encode().hex().encode() not in done.stdout


def test_keys_of_another_database_are_refused(commits: str, own_keys: Path) -> None:
    from dure.core.actions import run
    from dure.core.errors import Refusal

    run("registry.vault.prepare", {}, Actor.operator())
    path = own_keys / f"index-{vault.ring().latest(keys.INDEX)[0]}.key"
    path.chmod(0o600)
    path.write_text(crypto.new_key().hex() + "\n")
    path.chmod(0o400)
    (own_keys / "touched").touch()
    with pytest.raises(Refusal, match=r"registry\.keys_differ"):
        run("registry.vault.prepare", {}, Actor.operator())


def test_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    ring = keys.KeyRing(tmp_path)
    ring.make(keys.INDEX)
    assert (tmp_path / "index-1.key").stat().st_mode & 0o777 == 0o400
    (tmp_path / "index-1.key").chmod(0o444)
    with pytest.raises(keys.KeyUnsafe):
        keys.KeyRing(tmp_path).versions(keys.INDEX)


def test_only_the_vaults_login_changes_keys(
    commits: str, database_as: Callable[..., psycopg.Connection]
) -> None:
    app = database_as("dure_app")
    app.autocommit = True
    for statement in (
        "UPDATE vault.purpose_key SET retired_at = now()",
        "SELECT vault.log('rewrap', '{}'::jsonb, '{}', '{}', 'key_rotation', NULL)",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM vault.keys() WHERE retired_at IS NULL")
        assert cursor.fetchone() == (len(keys.KINDS),)


def test_a_key_made_within_one_tick_of_the_folders_clock_is_seen(tmp_path: Path) -> None:
    serving, rotating = keys.KeyRing(tmp_path), keys.KeyRing(tmp_path)
    rotating.make(keys.WRAPPING)
    tick = tmp_path.stat().st_mtime_ns
    assert serving.versions(keys.WRAPPING) == (1,)
    rotating.make(keys.WRAPPING)
    os.utime(tmp_path, ns=(tick, tick))
    assert serving.versions(keys.WRAPPING) == (1, 2)
    assert serving.get(keys.WRAPPING, 2) == rotating.get(keys.WRAPPING, 2)

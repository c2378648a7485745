"""A backup opens only whole and with its key; a restore equals what was backed up, or is none."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from dure.config.backup import (
    FRAME_BYTES,
    BackupRefused,
    decrypt,
    dump,
    encrypt,
    manifest,
    read_header,
)
from dure.config.database import SUPERUSER, Server
from dure.config.env import Environment, read_environment
from dure.config.restore import compare, restore
from dure.core import sealing
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.models.audit import AuditLine

KEY = b"\x07" * 32


def opened(data: bytes, key: bytes = KEY) -> bytes:
    file = io.BytesIO(data)
    return b"".join(decrypt(read_header(file), file, key))


def made(plain: bytes) -> bytes:
    return b"".join(encrypt({"major": 18}, [plain], KEY))


@pytest.mark.parametrize("size", [0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1])
def test_a_backup_opens_to_what_was_put_in(size: int) -> None:
    plain = os.urandom(size)
    assert opened(made(plain)) == plain


def test_plain_text_is_not_in_the_file() -> None:
    assert b"member of the co-op" not in made(b"member of the co-op" * 9)


def test_another_key_does_not_open() -> None:
    with pytest.raises(BackupRefused):
        opened(made(b"x"), b"\x08" * 32)


@pytest.mark.parametrize("cut", [1, 17, FRAME_BYTES, FRAME_BYTES + 30])
def test_a_cut_file_does_not_open(cut: int) -> None:
    with pytest.raises(BackupRefused):
        opened(made(os.urandom(2 * FRAME_BYTES + 5))[:-cut])


def test_a_changed_byte_anywhere_does_not_open() -> None:
    whole = made(b"x" * 40)
    for place in range(8, len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1
        with pytest.raises(BackupRefused):
            opened(bytes(changed))


def test_whole_frames_left_out_at_the_end_are_missed() -> None:
    whole = made(os.urandom(3 * FRAME_BYTES))
    frame = FRAME_BYTES + 16 + 5
    with pytest.raises(BackupRefused):
        opened(whole[:-frame])


def on(name: str) -> Environment:
    return read_environment().model_copy(update={"database_name": name})


@pytest.fixture
def beside(server: Server) -> Iterator[str]:
    """The name of an empty place for a restore on the same server."""
    name = f"clone_r_{os.urandom(4).hex()}"
    yield name
    with server.connect(SUPERUSER, "postgres") as admin:
        for one in (name, f"{name}_restoring"):
            admin.execute(f'DROP DATABASE IF EXISTS "{one}" WITH (FORCE)')


def speak_to(name: str) -> None:
    connections.close_all()
    for alias in connections:
        connections.settings[alias]["NAME"] = name


def test_a_restored_database_equals_and_goes_on(
    commits: str, beside: str, tmp_path: Path, server: Server
) -> None:
    operator = Actor.operator()
    run("core.rulebook.install", {}, operator)
    run("core.audit.seal", {}, operator)
    lines = AuditLine.rows.count()
    told = dump(on(commits), tmp_path / "b")
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o600

    assert restore(on(beside), tmp_path / "b") == told

    speak_to(beside)
    assert AuditLine.rows.count() == lines
    assert sealing.verify().is_whole
    run("core.rulebook.install", {}, operator)
    run("core.audit.seal", {}, operator)
    newest = AuditLine.rows.latest("seq")
    seen = sealing.verify()
    assert (newest.era, seen.is_whole, seen.seals) == (2, True, 2)
    speak_to(commits)


def test_a_full_database_is_not_touched(commits: str, tmp_path: Path) -> None:
    dump(on(commits), tmp_path / "b")
    with pytest.raises(BackupRefused, match="holds"):
        restore(on(commits), tmp_path / "b")


def test_a_damaged_backup_leaves_nothing(
    commits: str, beside: str, tmp_path: Path, server: Server
) -> None:
    dump(on(commits), tmp_path / "b")
    data = bytearray((tmp_path / "b").read_bytes())
    data[-100] ^= 1
    (tmp_path / "b").write_bytes(data)
    with pytest.raises(BackupRefused):
        restore(on(beside), tmp_path / "b")
    with server.connect(SUPERUSER, "postgres") as admin:
        asked = "SELECT count(*) FROM pg_database WHERE datname IN (%s, %s)"
        assert admin.execute(asked, (beside, f"{beside}_restoring")).fetchone() == (0,)


def test_one_lost_row_is_found(
    commits: str, database_as: Callable[..., psycopg.Connection], server: Server
) -> None:
    with server.connect(SUPERUSER, commits) as admin:
        with admin.transaction():
            before = manifest(admin)
        admin.execute("SET session_replication_role = replica")
        row = "(SELECT ctid FROM core_ruleversion LIMIT 1)"
        admin.execute(f"DELETE FROM core_ruleversion WHERE ctid = {row}")
        with admin.transaction():
            differences = compare(before, manifest(admin))
    assert len(differences) == 1
    assert differences[0].startswith("public.core_ruleversion: ")

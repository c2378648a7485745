"""`dure backup FILE`: everything in one encrypted file, with a manifest to compare a restore with.

Nouns: manifest (rows and hash of every table, heads of every chain), frame (one encrypted piece).
Law: dump and manifest see one snapshot; the file opens only with the key `keys/backup`, which is
not in it; a cut, swapped or changed frame does not open.

Format: `DUREBAK1` ‖ u32 header length ‖ header JSON ‖ frames (u32 length ‖ u8 last ‖ AES-256-GCM
text). The nonce is salt ‖ frame number; header digest, frame number and "is this the last" are
authenticated. The plain text is: u32 manifest length ‖ manifest JSON ‖ the dump in PostgreSQL's
custom format.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import struct
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import sql

from dure.config.database import Server
from dure.config.env import Environment, read_environment
from dure.config.keys import ensure_keys, read_key
from dure.config.migrate import admin_dsn, database_name
from dure.config.places import DatabaseRefused, find_binaries

MAGIC = b"DUREBAK1"
FRAME_BYTES = 1 << 20
HEADER_BYTES_MAX = 1 << 16
KEY = "backup"


class BackupRefused(DatabaseRefused):
    """A backup cannot be made or read; the text says why and what to do."""


# -- frames ---------------------------------------------------------------------------------------


def encrypt(header: dict[str, object], plain: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """Yield the file: header, then frames of at most 1 MiB of `plain`; key : 32 bytes."""
    salt = os.urandom(8)
    told = json.dumps({**header, "salt": salt.hex()}, sort_keys=True).encode()
    yield MAGIC + struct.pack(">I", len(told)) + told
    bound = hashlib.sha256(told).digest()
    number = 0
    held: bytes | None = None
    for piece in _pieces(plain):
        if held is not None:
            yield _seal(held, key, salt, bound, number, last=False)
            number += 1
        held = piece
    yield _seal(held or b"", key, salt, bound, number, last=True)


def _pieces(plain: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for data in plain:
        waiting += data
        while len(waiting) >= FRAME_BYTES:
            yield bytes(waiting[:FRAME_BYTES])
            del waiting[:FRAME_BYTES]
    if waiting:
        yield bytes(waiting)


def _bound(bound: bytes, number: int, last: bool) -> bytes:
    return bound + struct.pack(">Q?", number, last)


def _seal(piece: bytes, key: bytes, salt: bytes, bound: bytes, number: int, *, last: bool) -> bytes:
    nonce = salt + struct.pack(">I", number)
    text = AESGCM(key).encrypt(nonce, piece, _bound(bound, number, last))
    return struct.pack(">I?", len(text), last) + text


def read_header(file: BinaryIO) -> dict[str, object]:
    """The public header of a backup. Raises BackupRefused when the file is none."""
    if file.read(len(MAGIC)) != MAGIC:
        raise BackupRefused("This file is not a backup of Dure.")
    (length,) = struct.unpack(">I", file.read(4).rjust(4, b"\0"))
    if length > HEADER_BYTES_MAX:
        raise BackupRefused("This file is not a backup of Dure.")
    told = file.read(length)
    try:
        header: dict[str, object] = json.loads(told)
        bytes.fromhex(str(header["salt"])), int(str(header["major"]))
    except (ValueError, KeyError, TypeError):
        raise BackupRefused("The head of the backup is damaged.") from None
    return {**header, "digest": hashlib.sha256(told).hexdigest()}


def decrypt(header: dict[str, object], file: BinaryIO, key: bytes) -> Iterator[bytes]:
    """Yield the plain frames after `read_header`. Raises BackupRefused at the first bad frame."""
    bound, salt = bytes.fromhex(str(header["digest"])), bytes.fromhex(str(header["salt"]))
    number, last = 0, False
    while not last:
        head = file.read(5)
        if len(head) < 5:
            raise BackupRefused("The backup is cut short.")
        length, last = struct.unpack(">I?", head)
        if length > FRAME_BYTES + 16:
            raise BackupRefused("The backup is damaged.")
        text = file.read(length)
        if len(text) < length:
            raise BackupRefused("The backup is cut short.")
        nonce = salt + struct.pack(">I", number)
        try:
            yield AESGCM(key).decrypt(nonce, text, _bound(bound, number, last))
        except InvalidTag:
            raise BackupRefused(
                "The backup is damaged, or was made with another key (keys/backup)."
            ) from None
        number += 1
    if file.read(1):
        raise BackupRefused("The backup goes on after its end.")


# -- manifest -------------------------------------------------------------------------------------


def manifest(connected: psycopg.Connection) -> dict[str, object]:
    """Rows and hash of every table, and the heads of every chain, in the present snapshot.

    The hash of a table is the sum of its rows' MD5 halves: equal for equal rows in any order.
    """
    connected.execute("SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1")
    names = connected.execute(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE relkind = 'r' AND nspname NOT LIKE 'pg\\_%%' AND nspname <> 'information_schema' "
        "ORDER BY 1, 2"
    ).fetchall()
    tables: dict[str, list[object]] = {}
    for schema, name in names:
        row = connected.execute(
            sql.SQL(
                "SELECT count(*),"
                " coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint), 0)::text,"
                " coalesce(sum(('x' || right(md5(t::text), 16))::bit(64)::bigint), 0)::text"
                " FROM {} t"
            ).format(sql.Identifier(schema, name))
        ).fetchone()
        assert row is not None
        tables[f"{schema}.{name}"] = [row[0], f"{row[1]}:{row[2]}"]
    heads: dict[str, str] = {}
    if "public.core_sealhead" in tables:
        heads = dict(
            connected.execute("SELECT chain, encode(digest, 'hex') FROM core_sealhead").fetchall()
        )
    return {"tables": tables, "heads": heads}


# -- the command ----------------------------------------------------------------------------------


def dump(env: Environment, target: Path) -> dict[str, object]:
    """Write one backup beside `target` and move it there when it is whole; returns the manifest."""
    ensure_keys(env.place / "keys", (KEY,))
    key = read_key(env.place / "keys", KEY)
    name = database_name(env)
    half = target.with_name(f".{target.name}.half")
    with psycopg.connect(admin_dsn(env, name)) as snapshot:
        snapshot.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = snapshot.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        told = manifest(snapshot)
        header: dict[str, object] = {
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "major": snapshot.info.server_version // 10000,
            "key": hashlib.sha256(b"dure.backup" + key).hexdigest()[:16],
        }
        try:
            opened = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(opened, "wb") as file:
                for piece in encrypt(header, _plain(env, name, told, str(row[0])), key):
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            half.rename(target)
        finally:
            half.unlink(missing_ok=True)
    return told


def _plain(env: Environment, name: str, told: dict[str, object], snapshot: str) -> Iterator[bytes]:
    encoded = json.dumps(told, sort_keys=True).encode()
    yield struct.pack(">I", len(encoded)) + encoded
    command = [str(find_binaries().bin / "pg_dump"), "-Fc", "-Z", "gzip:6", "--snapshot", snapshot]
    command += ["--no-sync", "-d", admin_dsn(env, name)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        while data := process.stdout.read(FRAME_BYTES):
            yield data
        said = process.stderr.read().decode(errors="replace")
    if process.returncode:
        raise BackupRefused(f"pg_dump failed: {said[-1500:]}")


def main(arguments: list[str]) -> int:
    """`dure backup FILE [--json]`."""
    parser = argparse.ArgumentParser(prog="dure backup", description="An encrypted backup.")
    parser.add_argument("file", type=Path, help="the file to write; it must not exist yet")
    parser.add_argument("--json", action="store_true", help="answer with one JSON object")
    try:
        given = parser.parse_args(arguments)
    except SystemExit as wrong:
        return 2 if wrong.code else 0
    env = read_environment()
    if given.file.exists():
        raise BackupRefused(f"{given.file} exists already; a backup never overwrites.")
    server = None if env.database_url else Server(env.place).start()
    try:
        told = dump(env, given.file.absolute())
    except psycopg.OperationalError as error:
        raise BackupRefused(f"The database cannot be read: {error}") from None
    finally:
        if server:
            server.stop()
    tables = told["tables"]
    assert isinstance(tables, dict)
    rows = sum(int(count) for count, _ in tables.values())
    size = given.file.stat().st_size
    answer = {"ok": True, "file": str(given.file), "bytes": size, "tables": len(tables)}
    if given.json:
        print(json.dumps({**answer, "rows": rows, "heads": told["heads"]}))
    else:
        print(f"{given.file}: {len(tables)} tables, {rows} rows, {size:,} bytes")
        print(
            f"Keep the key {env.place / 'keys' / KEY} elsewhere: without it nobody can read this.",
            file=sys.stderr,
        )
    return 0

"""`dure restore FILE`: read a backup into an empty database, compare it, and only then serve it.

Law: a database that holds tables is never touched; a restore that differs from its manifest in one
row is dropped again; the era of the seals rises, because transaction numbers start anew.
"""

from __future__ import annotations

import argparse
import json
import os
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from dure.config.backup import KEY, BackupRefused, decrypt, manifest, read_header
from dure.config.database import Server
from dure.config.env import Environment, read_environment
from dure.config.keys import read_key
from dure.config.migrate import admin_dsn, connect_admin, database_name
from dure.config.places import find_binaries

MANIFEST_BYTES_MAX = 1 << 24


def restore(env: Environment, source: Path) -> dict[str, object]:
    """Read `source` into the empty database of `env`; returns the manifest, which held."""
    from dure.config import roles

    name = database_name(env)
    half = f"{name}_restoring"
    try:
        key = read_key(env.place / "keys", KEY)
    except FileNotFoundError:
        raise BackupRefused(
            f"The key is missing: put the file of the old installation at {env.place}/keys/{KEY}."
        ) from None
    with source.open("rb") as file, connect_admin(env) as admin:
        header = read_header(file)
        if int(str(header["major"])) > admin.info.server_version // 10000:
            raise BackupRefused(
                f"The backup was made by PostgreSQL {header['major']}; this server is older."
            )
        refuse_full(env, admin, name)
        drop(admin, half)
        roles.prepare(admin, half)
        try:
            frames = decrypt(header, file, key)
            told, rest = split(frames)
            load(env, half, rest)
            with psycopg.connect(admin_dsn(env, half)) as seen:
                differences = compare(told, manifest(seen))
            if differences:
                raise BackupRefused("The restored rows differ: " + "; ".join(differences[:20]))
            with psycopg.connect(admin_dsn(env, half), autocommit=True) as inside:
                roles.prepare_inside(inside, half)
                raise_era(inside)
            drop(admin, name)
            admin.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(half), sql.Identifier(name)
                )
            )
        except BaseException:
            drop(admin, half)
            raise
    (env.place / "prepared").unlink(missing_ok=True)
    return told


def refuse_full(env: Environment, admin: psycopg.Connection, name: str) -> None:
    """Refuse a database that holds a table."""
    if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
        return
    with psycopg.connect(admin_dsn(env, name), autocommit=True) as inside:
        row = inside.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
            "WHERE relkind IN ('r', 'p') AND nspname NOT IN ('pg_catalog', 'information_schema') "
            "AND nspname NOT LIKE 'pg\\_toast%'"
        ).fetchone()
    if row and row[0]:
        raise BackupRefused(
            f"The database {name} holds {row[0]} tables. A backup is read into an empty database "
            "only: choose another DURE_DATA (or DATABASE_URL)."
        )


def drop(admin: psycopg.Connection, name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def split(frames: Iterator[bytes]) -> tuple[dict[str, object], Iterator[bytes]]:
    """The manifest at the head of the plain text, and the dump that follows it."""
    held = bytearray()
    while len(held) < 4:
        held += next(frames)
    (length,) = struct.unpack(">I", held[:4])
    if length > MANIFEST_BYTES_MAX:
        raise BackupRefused("The backup is damaged.")
    while len(held) < 4 + length:
        held += next(frames)
    told: dict[str, object] = json.loads(held[4 : 4 + length])

    def rest() -> Iterator[bytes]:
        yield bytes(held[4 + length :])
        yield from frames

    return told, rest()


def load(env: Environment, name: str, dump: Iterator[bytes]) -> None:
    """Feed the dump to pg_restore; any error ends the restore."""
    command = [str(find_binaries().bin / "pg_restore"), "--exit-on-error"]
    command += ["-d", admin_dsn(env, name)]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=said, stderr=said)
        assert process.stdin is not None
        try:
            for piece in dump:
                process.stdin.write(piece)
            process.stdin.close()
        except BrokenPipeError:
            pass  # pg_restore stopped; its own words follow
        except BaseException:
            process.kill()
            process.wait()
            raise
        if process.wait():
            said.seek(0)
            text = said.read().decode(errors="replace")
            raise BackupRefused(f"pg_restore failed: {text[-1500:]}")


def compare(told: dict[str, object], seen: dict[str, object]) -> list[str]:
    """Tables and heads that differ, by name, with both row counts."""
    before, after = told["tables"], seen["tables"]
    assert isinstance(before, dict) and isinstance(after, dict)
    found = [
        f"{name}: {before.get(name, ['none'])[0]} rows then, {after.get(name, ['none'])[0]} now"
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
    return found + ([] if told["heads"] == seen["heads"] else ["heads of the sealed chains"])


def raise_era(inside: psycopg.Connection) -> None:
    """Start a new era: batches of audit lines go on above all that were sealed before."""
    if not inside.execute("SELECT to_regprocedure('dure_era()')").fetchone()[0]:  # type: ignore[index]  # one row always
        return
    inside.execute(
        "DO $$ DECLARE era int := dure_era() + 1; base bigint := greatest("
        "(SELECT coalesce(max(batch), 0) FROM core_auditline),"
        "(SELECT coalesce(max(horizon), 0) FROM core_sealhead)) + 1;"
        "BEGIN EXECUTE format('CREATE OR REPLACE FUNCTION dure_era() RETURNS smallint LANGUAGE sql "
        "IMMUTABLE AS ''SELECT %s::smallint''', era);"
        "EXECUTE format('CREATE OR REPLACE FUNCTION dure_batch_base() RETURNS bigint LANGUAGE sql "
        "IMMUTABLE AS ''SELECT %s::bigint''', base); END $$"
    )


def main(arguments: list[str]) -> int:
    """`dure restore FILE [--json]`."""
    parser = argparse.ArgumentParser(prog="dure restore", description="Read a backup.")
    parser.add_argument("file", type=Path, help="a file made by `dure backup`")
    parser.add_argument("--json", action="store_true", help="answer with one JSON object")
    try:
        given = parser.parse_args(arguments)
    except SystemExit as wrong:
        return 2 if wrong.code else 0
    env = read_environment()
    if not given.file.is_file():
        raise BackupRefused(f"{given.file} is not there.")
    os.umask(0o077)
    server = None if env.database_url else Server(env.place).start()
    try:
        told = restore(env, given.file)
    except psycopg.OperationalError as error:
        raise BackupRefused(f"The database cannot be reached: {error}") from None
    finally:
        if server:
            server.stop()
    tables = told["tables"]
    assert isinstance(tables, dict)
    rows = sum(int(count) for count, _ in tables.values())
    if given.json:
        print(json.dumps({"ok": True, "tables": len(tables), "rows": rows}))
    else:
        print(f"{len(tables)} tables, {rows} rows; every table equals its manifest")
    return 0

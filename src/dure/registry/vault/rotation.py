"""Changing keys while the vault serves, under the vault's own login.

Nouns: *rotation* (new key, every row moved, old key destroyed), *batch* (rows moved at once).
Law: at every moment each row opens under a key that exists; a writer that chose the old key has
committed before the last row is looked for; once an old key is destroyed, no copy of the old rows
opens again, in older dumps neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from dure.registry.vault import crypto, keys, normal
from dure.registry.vault.ring import ring

VAULT = "vault"
BATCH = 500
_WHO = '{"kind": "timer", "id": null, "acting_for": null, "origin": "vault"}'


@dataclass(frozen=True, slots=True)
class Rotated:
    """What one rotation moved."""

    rewrapped: int
    indexed: int


def rotate() -> Rotated:
    """Make new wrapping and index keys, move every row to them, destroy the old keys.

    Repeatable: a rotation that was cut off is finished by the next one. Serving goes on.
    """
    for kind in (keys.WRAPPING, keys.INDEX):
        _begin(kind)
    wrapping = ring().latest(keys.WRAPPING)[0]
    index = ring().latest(keys.INDEX)[0]
    rewrapped = sum(_rewrap_batches(wrapping))
    indexed = sum(_index_batches(index))
    _finish(keys.WRAPPING, wrapping)
    _finish(keys.INDEX, index)
    return Rotated(rewrapped, indexed)


def _begin(kind: str) -> None:
    """Make the next key, and retire the others once no open transaction writes under them."""
    version = ring().make(kind)
    mark = crypto.fingerprint(ring().get(kind, version))
    with _vault() as cursor:
        cursor.execute(
            "INSERT INTO vault.purpose_key (kind, version, fingerprint, created_at)"
            " VALUES (%s, %s, %s, dure_now())",
            [kind, version, mark],
        )
    with _vault() as cursor:  # waits for writers that hold the old key FOR SHARE
        cursor.execute(
            "UPDATE vault.purpose_key SET retired_at = dure_now()"
            " WHERE kind = %s AND version < %s AND retired_at IS NULL",
            [kind, version],
        )


def _rewrap_batches(version: int) -> Iterator[int]:
    new = ring().get(keys.WRAPPING, version)
    while True:
        with _vault() as cursor:
            cursor.execute(
                "SELECT id, wrapped, key_id FROM vault.subject"
                " WHERE wrapped IS NOT NULL AND key_id <> %s ORDER BY id LIMIT %s FOR UPDATE",
                [version, BATCH],
            )
            rows = cursor.fetchall()
            if not rows:
                return
            _log(cursor, [row[0] for row in rows], "rewrap")
            moved = [_moved(row[0], bytes(row[1]), row[2], new, version) for row in rows]
            cursor.execute(
                "UPDATE vault.subject s SET wrapped = n.wrapped, key_id = %s"
                " FROM unnest(%s::uuid[], %s::bytea[]) n (id, wrapped) WHERE s.id = n.id",
                [version, [row[0] for row in rows], moved],
            )
        yield len(rows)


def _moved(subject: UUID, wrapped: bytes, old_id: int, new: bytes, new_id: int) -> bytes:
    data_key = crypto.unwrap(ring().get(keys.WRAPPING, old_id), old_id, subject, wrapped)
    return crypto.wrap(new, new_id, subject, data_key)


def _index_batches(version: int) -> Iterator[int]:
    key = ring().get(keys.INDEX, version)
    while True:
        with _vault() as cursor:
            cursor.execute(
                "SELECT s.id, s.wrapped, s.key_id, c.field, c.sealed, y.sealed"
                " FROM vault.blind_index b JOIN vault.subject s ON s.id = b.subject"
                " JOIN vault.cell c ON c.subject = s.id AND c.field = b.scheme"
                " LEFT JOIN vault.cell y ON y.subject = s.id AND y.field = 'birth_on'"
                " AND b.scheme = 'name'"
                " WHERE b.version < %s AND NOT EXISTS (SELECT FROM vault.blind_index n WHERE"
                " n.subject = b.subject AND n.scheme = b.scheme AND n.version = %s)"
                " ORDER BY s.id, c.field LIMIT %s FOR UPDATE OF s",
                [version, version, BATCH],
            )
            rows = cursor.fetchall()
            if not rows:
                return
            _log(cursor, sorted({row[0] for row in rows}), "rewrap")
            tags = [_tag(row, key) for row in rows]
            cursor.execute(
                "INSERT INTO vault.blind_index (scheme, version, tag, subject)"
                " SELECT DISTINCT ON (n.scheme, n.s) n.scheme, %s, n.tag, n.s"
                " FROM unnest(%s::uuid[], %s::text[], %s::bytea[]) n (s, scheme, tag)",
                [version, [row[0] for row in rows], [row[3] for row in rows], tags],
            )
        yield len(rows)


def _tag(row: tuple[Any, ...], key: bytes) -> bytes:  # Any: columns as the driver gives them
    subject, wrapped, key_id, scheme, sealed, born = row
    data_key = crypto.unwrap(ring().get(keys.WRAPPING, key_id), key_id, subject, bytes(wrapped))

    def text(field: str, cell: bytes) -> str:
        return crypto.unseal(data_key, crypto.Place("person", field, subject), bytes(cell))

    value = text(scheme, sealed)
    if scheme == "name":
        value = normal.named(value, text("birth_on", born) if born is not None else None)
    return crypto.tag(key, scheme, value)


def _finish(kind: str, version: int) -> None:
    """Destroy every older key of a kind; nothing living was written under it any more."""
    with _vault() as cursor:
        if kind == keys.INDEX:
            cursor.execute("DELETE FROM vault.blind_index WHERE version < %s", [version])
        else:
            cursor.execute(
                "SELECT count(*) FROM vault.subject WHERE wrapped IS NOT NULL AND key_id < %s",
                [version],
            )
            assert cursor.fetchone() == (0,), "a data key is still wrapped under an old key"
        cursor.execute(
            "UPDATE vault.purpose_key SET destroyed_at = dure_now()"
            " WHERE kind = %s AND version < %s AND destroyed_at IS NULL",
            [kind, version],
        )
    for old in ring().versions(kind):
        if old < version:
            ring().destroy(kind, old)


def _log(cursor: Any, subjects: list[UUID], kind: str) -> None:  # Any: Django's cursor wrapper
    cursor.execute(
        "SELECT vault.log(%s, %s::jsonb, %s, '{}', 'key_rotation', NULL)",
        [kind, _WHO, subjects],
    )


@contextmanager
def _vault() -> Iterator[Any]:  # Any: Django's cursor wrapper
    with transaction.atomic(using=VAULT), connections[VAULT].cursor() as cursor:
        cursor.execute("SELECT set_config('vault.bulk', 'on', true)")
        yield cursor

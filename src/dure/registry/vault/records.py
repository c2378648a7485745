"""Reading and writing the vault through its logged functions.

Nouns: *entry* (what is stored of one subject), *caller* (who asks, as the access log names it).
Law: the application role can do nothing here but call functions; each writes its log row first;
encryption happens in this process and keys never enter the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection

from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.engines.hangul import masked_name
from dure.registry.vault import crypto, keys, normal
from dure.registry.vault.errors import VaultCode
from dure.registry.vault.ring import ring
from dure.registry.vault.sealed import Sealed

PERSON = "person"
ORGANISATION = "organisation"
FIELDS = frozenset(
    {
        "name", "birth_on", "phone", "mail", "address", "bank_account", "business_number",
        "pending_phone", "pending_mail", "push_1", "push_2", "push_3", "push_4", "push_5",
    }
)  # fmt: skip
INDEXED = ("phone", "mail")
MASKED_MAX = 100
ROTATIONS_WITHIN_A_SEARCH = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """What is stored of one subject: text by field, None to remove a field.

    `phone` and `mail` are sign-in addresses in their normal form: they get a blind index. So does
    a name, with the year of `birth_on` where that is written beside it.
    """

    subject: UUID
    cells: Mapping[str, str | None] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Access:
    """One row of the access log, as its subject may see it."""

    seq: int
    at: datetime
    kind: str
    actor_kind: str
    actor: UUID | None
    origin: str
    fields: tuple[str, ...]
    purpose: str
    reason: str | None
    break_glass: bool


def store(entry: Entry, *, actor: Actor, purpose: str, kind: str = PERSON) -> None:
    """Write one subject's fields in the running transaction. See `store_many`."""
    store_many([entry], actor=actor, purpose=purpose, kind=kind)


def store_many(entries: Sequence[Entry], *, actor: Actor, purpose: str, kind: str = PERSON) -> None:
    """Encrypt and write many subjects' fields in the running transaction; one log row each.

    A new subject gets a data key of its own. Raises Refusal(ERASED) for an erased one; a taken
    sign-in address breaks the constraint `one_person_an_address`.
    """
    if not entries:
        return
    assert all(set(entry.cells) <= FIELDS for entry in entries), "unknown vault field"
    subjects = sorted({entry.subject for entry in entries})
    assert len(subjects) == len(entries), "one entry a subject"
    wrapping, indexes = _keys_for_writing()
    data_keys = _data_keys(subjects)
    wrapped_new: list[bytes | None] = []
    for subject in subjects:
        if subject in data_keys:
            wrapped_new.append(None)
            continue
        data_keys[subject] = crypto.new_key()
        key = ring().get(keys.WRAPPING, wrapping)
        wrapped_new.append(crypto.wrap(key, wrapping, subject, data_keys[subject]))
    cells: list[tuple[UUID, str, bytes | None]] = []
    tags: list[tuple[UUID, str, int, bytes | None]] = []
    for entry in entries:
        for name, text in entry.cells.items():
            place = crypto.Place(kind, name, entry.subject)
            sealed = None if text is None else crypto.seal(data_keys[entry.subject], place, text)
            cells.append((entry.subject, name, sealed))
            if name in INDEXED and kind == PERSON:
                tags.extend(_tags(entry.subject, name, text, indexes))
        if kind == PERSON and "name" in entry.cells:
            whole = entry.cells["name"]
            value = None if whole is None else normal.named(whole, entry.cells.get("birth_on"))
            tags.extend(_tags(entry.subject, "name", value, indexes))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT vault.store_many(%s::jsonb, %s, NULL, %s, %s::uuid[], %s::bytea[], %s,"
            " %s::uuid[], %s::text[], %s::bytea[], %s::uuid[], %s::text[], %s::bigint[],"
            " %s::bytea[])",
            [
                caller(actor), purpose, kind, subjects, wrapped_new, wrapping,
                *_columns(cells, 3), *_columns(tags, 4),
            ],
        )  # fmt: skip


def read(
    subject: UUID,
    fields: Iterable[str],
    *,
    actor: Actor,
    purpose: str,
    reason: str,
    kind: str = PERSON,
    break_glass: UUID | None = None,
) -> Sealed[dict[str, str]]:
    """Read fields of one subject: a log row, then a sealed answer of those that are there.

    Raises Refusal(ERASED) for an erased subject, Refusal(NOT_IN_VAULT) for an unknown one.
    """
    wanted = sorted(set(fields))
    assert wanted and set(wanted) <= FIELDS, "unknown vault field"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT log, wrapped, key_id, field, sealed FROM vault.read(%s::jsonb, %s, %s, %s, %s)",
            [caller(actor, break_glass), subject, wanted, purpose, reason],
        )
        rows = cursor.fetchall()
    if not rows:
        raise Refusal(VaultCode.NOT_IN_VAULT)
    log_id, wrapped, key_id = rows[0][:3]
    if wrapped is None:
        raise Refusal(VaultCode.ERASED)
    data_key = _unwrapped(subject, wrapped, key_id)
    cells = {row[3]: bytes(row[4]) for row in rows if row[3] is not None}

    def decrypt() -> dict[str, str]:
        return {
            name: crypto.unseal(data_key, crypto.Place(kind, name, subject), sealed)
            for name, sealed in cells.items()
        }

    return Sealed(log_id, decrypt)


def masked(subjects: Iterable[UUID], *, actor: Actor, purpose: str) -> Sealed[dict[UUID, str]]:
    """Read the masked names (홍*동) of at most 100 persons of one page; one log row names all.

    A person without a name, or erased, is missing from the answer.
    """
    wanted = sorted(set(subjects))
    assert 1 <= len(wanted) <= MASKED_MAX, "a page holds 1 to 100 persons"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT log, id, wrapped, key_id, sealed FROM vault.masked(%s::jsonb, %s, %s)",
            [caller(actor), wanted, purpose],
        )
        rows = cursor.fetchall()
    found = [(row[1], _unwrapped(row[1], row[2], row[3]), bytes(row[4])) for row in rows if row[1]]

    def decrypt() -> dict[UUID, str]:
        return {
            subject: masked_name(crypto.unseal(key, crypto.Place(PERSON, "name", subject), cell))
            for subject, key, cell in found
        }

    return Sealed(rows[0][0], decrypt)


def masked_names(subjects: Iterable[UUID], *, actor: Actor, purpose: str) -> dict[UUID, str]:
    """Masked names for one page, opened. Call outside an action; unknown persons are missing."""
    wanted = set(subjects)
    if not wanted:
        return {}
    return masked(wanted, actor=actor, purpose=purpose).open()


def find(scheme: str, value: str, *, actor: Actor, purpose: str) -> UUID | None:
    """Find the person whose sign-in address this is; one log row when found.

    value : in its normal form. Every living version of the index key is asked, and asked again
            when a rotation changed them meanwhile.
    """
    asked: tuple[int, ...] = ()
    for _ in range(ROTATIONS_WITHIN_A_SEARCH):
        living = ring().versions(keys.INDEX)
        if living == asked:
            return None
        found = _find_by(living, scheme, value, actor=actor, purpose=purpose)
        if found is not None:
            return found
        asked = living
    raise keys.KeyMissing(keys.INDEX)


def _find_by(
    versions: tuple[int, ...], scheme: str, value: str, *, actor: Actor, purpose: str
) -> UUID | None:
    tags: dict[int, bytes] = {}
    for version in versions:
        try:
            tags[version] = crypto.tag(ring().get(keys.INDEX, version), scheme, value)
        except keys.KeyMissing:  # destroyed since it was listed: its rows stand under a newer key
            continue
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT vault.find(%s::jsonb, %s, %s, %s::bytea[], %s)",
            [caller(actor), scheme, list(tags), list(tags.values()), purpose],
        )
        (found,) = cursor.fetchone()
    assert found is None or isinstance(found, UUID)
    return found


def find_named(name: str, birth_year: str, *, actor: Actor, purpose: str) -> tuple[UUID, ...]:
    """Find everybody of a name: those born in a year, and those whose year is not kept.

    birth_year : four digits, or "": then only who has no year beside the name is found
    Returns at most 101 persons; one log row names them all. Ask again where a key is missing.
    """
    values = {normal.named(name, birth_year or None), normal.named(name, None)}
    tags = [
        (version, crypto.tag(ring().get(keys.INDEX, version), "name", value))
        for version in ring().versions(keys.INDEX)
        for value in sorted(values)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT vault.find_named(%s::jsonb, %s, %s::bytea[], %s)",
            [caller(actor), [version for version, _ in tags], [tag for _, tag in tags], purpose],
        )
        (found,) = cursor.fetchone()
    return tuple(found)


def erase(subject: UUID, *, actor: Actor, purpose: str, reason: str) -> bool:
    """Destroy the wrapped data key, cells and indexes of a person; False when it was done before.

    Older dumps go dark when the keys have been rotated after this (`vault.rotation`).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT vault.erase(%s::jsonb, %s, %s, %s)",
            [caller(actor), subject, purpose, reason],
        )
        (done,) = cursor.fetchone()
    return bool(done)


def accesses(subject: UUID, *, before: int | None = None, limit: int = 20) -> list[Access]:
    """Return who touched a person's data and why, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq, at, kind, actor_kind, actor, origin, fields, purpose, reason, break_glass"
            " FROM vault.log_of(%s, %s, %s)",
            [subject, before, limit],
        )
        rows = cursor.fetchall()
    return [
        Access(
            seq=row[0], at=row[1], kind=row[2], actor_kind=row[3], actor=row[4], origin=row[5],
            fields=tuple(row[6]), purpose=row[7], reason=row[8], break_glass=row[9],
        )
        for row in rows
    ]  # fmt: skip


def address_schemes(subject: UUID) -> tuple[str, ...]:
    """Return which kinds of confirmed sign-in address a person has: `mail`, `phone`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT scheme FROM vault.addresses_of(%s)", [subject])
        return tuple(row[0] for row in cursor.fetchall())


def address_stamp(subject: UUID) -> str:
    """Return what changes whenever a sign-in address of this person does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT vault.address_stamp(%s)", [subject])
        (stamp,) = cursor.fetchone()
    return str(stamp)


def known_keys() -> dict[str, list[tuple[int, str, bool]]]:
    """Return what the database knows of its keys: kind → (version, fingerprint, destroyed)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, version, fingerprint, destroyed_at IS NOT NULL FROM vault.keys()"
        )
        rows = cursor.fetchall()
    known: dict[str, list[tuple[int, str, bool]]] = {}
    for kind, version, mark, destroyed in rows:
        known.setdefault(kind, []).append((version, mark, destroyed))
    return known


def adopt_key(kind: str, version: int, mark: str) -> None:
    """Tell the database of the first key of a kind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT vault.adopt_key(%s, %s, %s)", [kind, version, mark])


def caller(actor: Actor, break_glass: UUID | None = None) -> str:
    """Return who asks, and under which break-glass, as JSON for the access log."""
    return json.dumps(
        {
            "kind": actor.kind.value,
            "id": str(actor.id) if actor.id else None,
            "acting_for": str(actor.acting_for) if actor.acting_for else None,
            "origin": f"{actor.origin}:{actor.name}" if actor.name else actor.origin,
            "break_glass": str(break_glass) if break_glass else None,
        }
    )


def _keys_for_writing() -> tuple[int, tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, version, retired FROM vault.keys_for_writing()")
        rows = cursor.fetchall()
    wrapping = [version for kind, version, retired in rows if kind == keys.WRAPPING and not retired]
    indexes = tuple(version for kind, version, _ in rows if kind == keys.INDEX)
    if not wrapping or not indexes:
        raise keys.KeyMissing(keys.WRAPPING)
    return wrapping[-1], indexes


def _data_keys(subjects: Sequence[UUID]) -> dict[UUID, bytes]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, wrapped, key_id, erased FROM vault.subjects_for_writing(%s)",
            [list(subjects)],
        )
        rows = cursor.fetchall()
    if any(erased for *_, erased in rows):
        raise Refusal(VaultCode.ERASED)
    return {
        subject: crypto.unwrap(ring().get(keys.WRAPPING, key_id), key_id, subject, bytes(wrapped))
        for subject, wrapped, key_id, _ in rows
    }


def _unwrapped(subject: UUID, wrapped: bytes, key_id: int) -> bytes:
    try:
        key = ring().get(keys.WRAPPING, key_id)
    except keys.KeyMissing:  # rotation ended between the read and here: ask for the new wrapping
        again = _data_keys([subject])
        if subject not in again:
            raise
        return again[subject]
    return crypto.unwrap(key, key_id, subject, bytes(wrapped))


def _tags(
    subject: UUID, scheme: str, text: str | None, versions: Sequence[int]
) -> list[tuple[UUID, str, int, bytes | None]]:
    if text is None:
        return [(subject, scheme, 0, None)]
    return [
        (
            subject,
            scheme,
            version,
            crypto.tag(ring().get(keys.INDEX, version), scheme, text),
        )
        for version in versions
    ]


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return [[row[column] for row in rows] for column in range(width)]

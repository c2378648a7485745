"""The ring of this installation, and the tokens that are made with its keys."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from dure.registry.vault import crypto, keys


def ring() -> keys.KeyRing:
    """Return the key ring that the settings name."""
    return _ring(Path(settings.DURE_KEYS))


@lru_cache(maxsize=8)
def _ring(folder: Path) -> keys.KeyRing:
    return keys.KeyRing(folder)


def number_token(scheme: str, digits: str) -> bytes:
    """Return the token of an organisation's number: one number, one token, no digits.

    scheme : `biz` or `corp`
    digits : ASCII digits only
    """
    return crypto.tag(ring().latest(keys.NUMBERS)[1], scheme, digits)


def purpose_token(purpose: str, person_id: UUID) -> bytes:
    """Return the pseudonym of a person under one purpose. Raises keys.KeyMissing."""
    return crypto.purpose_token(ring().latest(f"purpose.{purpose}")[1], person_id)


def roll_tokens(roll_id: UUID, people: Iterable[UUID]) -> list[str]:
    """Return the token of each person on one roll: tokens of two rolls cannot be joined.

    Source: governance.md "Rolls"; HMAC-SHA-256 under a key drawn for this roll alone.
    """
    key = crypto.tag(ring().latest(keys.ROLLS)[1], "roll", roll_id.hex)
    return [hmac.digest(key, person.bytes, "sha256").hex() for person in people]


def draw_seeds(matter: str) -> list[bytes]:
    """Return the secret seed of a draw, under each living key, the newest first; 32 bytes each.

    The first is what a commitment is made of; the others still open older commitments.
    """
    versions = reversed(ring().versions(keys.ROLLS))
    return [crypto.tag(ring().get(keys.ROLLS, one), "seed", matter) for one in versions]

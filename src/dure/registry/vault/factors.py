"""Secrets of second factors at rest: sealed under their own key, never in clear."""

from __future__ import annotations

import base64
from uuid import UUID

from dure.registry.vault import crypto, keys
from dure.registry.vault.ring import ring

PLACE = crypto.Place("mfa_authenticator", "data", UUID(int=0))


def seal_secret(text: str) -> str:
    """The sealed form of a secret, with the version of its key."""
    version, key = ring().latest(keys.FACTORS)
    return f"{version}." + base64.b64encode(crypto.seal(key, PLACE, text)).decode("ascii")


def open_secret(sealed: str) -> str:
    """The secret behind a sealed form. Raises what `crypto.unseal` raises."""
    version, _, text = sealed.partition(".")
    return crypto.unseal(ring().get(keys.FACTORS, int(version)), PLACE, base64.b64decode(text))

"""Personal values on their way into an action: the body carries a keyed tag, never the value.

The audit line keeps a hash of every action's body; a plain hash of a phone number falls to a
list of all numbers in seconds. So a face holds the values here and passes the tag, which is the
same for the same values (a repeated request is still known as a repeat) and tells nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Annotated

from pydantic import Field

from dure.core.errors import CoreCode, Refusal
from dure.registry.vault import crypto, keys
from dure.registry.vault.ring import ring

Held = Annotated[str, Field(pattern=r"^h[0-9a-f]{64}$")]
_held: ContextVar[Mapping[str, Mapping[str, str]] | None] = ContextVar(
    "dure_vault_held", default=None
)


class NotHeld(LookupError):
    """The tag was made in another request: the values are not here."""


@contextmanager
def holding(values: Mapping[str, str]) -> Iterator[str]:
    """Hold values while an action runs; yields the tag to pass in its body."""
    text = json.dumps(dict(values), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    tag = "h" + crypto.tag(ring().latest(keys.HELD)[1], "held", text).hex()
    token = _held.set({**(_held.get() or {}), tag: dict(values)})
    try:
        yield tag
    finally:
        _held.reset(token)


def held(tag: str) -> Mapping[str, str]:
    """Return the values behind a tag. Raises NotHeld."""
    try:
        return (_held.get() or {})[tag]
    except KeyError:
        raise NotHeld(tag[:9]) from None


def values_of(tag: str) -> Mapping[str, str]:
    """The values behind the tag of a body; a tag of another request asks for a fresh page."""
    try:
        return held(tag)
    except NotHeld:
        raise Refusal(CoreCode.KEY_REQUIRED) from None

"""Answers of the vault: they open only after their access-log row is committed.

Nouns: *sealed* (plaintext that waits), *kept* (a sealed answer that an action leaves for the face
that called it, under the id of its log row).
Law: no name reaches a page whose reading could still be rolled back.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from typing import Generic, TypeVar
from uuid import UUID

from django.db import connection

T = TypeVar("T")
KEPT_MAX = 64


class NotYet(RuntimeError):
    """A sealed answer was opened while its log row could still vanish, or after it did."""


class Sealed(Generic[T]):
    """An answer that `open` gives once the access-log row `log_id` is committed.

    It shows nothing in a traceback, a log line or a template.
    """

    __slots__ = ("_decrypt", "log_id")

    def __init__(self, log_id: UUID, decrypt: Callable[[], T]) -> None:
        self.log_id = log_id
        self._decrypt = decrypt

    def open(self) -> T:
        """Return the plaintext.

        Raises NotYet inside a transaction (a TestCase's own block is let through), and when the
        log row is not there: the transaction that wrote it was rolled back.
        """
        if any(not _is_of_testcase(block) for block in connection.atomic_blocks):
            raise NotYet("inside a transaction")
        with connection.cursor() as cursor:
            cursor.execute("SELECT vault.logged(%s::uuid[])", [[self.log_id]])
            (logged,) = cursor.fetchone()
        if not logged:
            raise NotYet("no log row")
        return self._decrypt()

    def __repr__(self) -> str:
        return "Sealed(•)"


def _is_of_testcase(block: object) -> bool:
    return bool(getattr(block, "_from_testcase", False))


_kept: ContextVar[OrderedDict[UUID, Sealed[dict[str, str]]] | None] = ContextVar(
    "dure_vault_kept", default=None
)


def keep(answer: Sealed[dict[str, str]]) -> str:
    """Leave an answer for the face that called the running action; return the log row's id."""
    shelf = _kept.get()
    if shelf is None:
        shelf = OrderedDict()
        _kept.set(shelf)
    shelf[answer.log_id] = answer
    while len(shelf) > KEPT_MAX:
        shelf.popitem(last=False)
    return str(answer.log_id)


def collect(log_id: str) -> Sealed[dict[str, str]]:
    """Take the answer that the last action left under this id. Raises KeyError: once only."""
    shelf = _kept.get()
    if shelf is None:
        raise KeyError(log_id)
    return shelf.pop(UUID(log_id))

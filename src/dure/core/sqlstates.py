"""What the database refuses, told as the sentence a person reads; told apart by SQLSTATE.

Law: only what the entry names becomes a refusal; an unmapped one is a bug and crashes loudly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import DatabaseError

from dure.core.errors import Code, CoreCode, Refusal
from dure.core.text import T

INTEGRITY = frozenset({"23514", "23505", "23P01", "23503", "23502"})
RAISED = "P0001"
OUT_OF_RANGE = "22003"
# A plan that was dropped behind our back, or whose shape a migration changed.
GONE = frozenset({"26000", "0A000"})
AGAIN = frozenset({"40P01", "55P03", "40001", *GONE})
TIMED_OUT = "57014"


def sqlstate(error: BaseException) -> str | None:
    """The SQLSTATE of what psycopg raised, or None."""
    return getattr(error.__cause__, "sqlstate", None)


def constraint(error: BaseException) -> str | None:
    """The name of the constraint hit, or the first line that a trigger raised."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if sqlstate(error) == RAISED:
        message: str | None = getattr(diagnosis, "message_primary", None)
        return message.split(":", 1)[0].strip() if message else None
    name: str | None = getattr(diagnosis, "constraint_name", None)
    return name


@contextmanager
def mapped(constraints: Mapping[str, Code]) -> Iterator[None]:
    """Turn a database refusal that `constraints` names into its refusal; others pass through.

    A trigger is named by its message up to a colon (``dure.ballot_is_open``). A number out of
    range is ``core.out_of_range``, a statement that took too long ``core.busy``.
    """
    try:
        yield
    except DatabaseError as error:
        state = sqlstate(error)
        if state in INTEGRITY or state == RAISED:
            code = constraints.get(constraint(error) or "")
            if code is not None:
                raise Refusal(code) from error
        elif state == OUT_OF_RANGE:
            accepted = T("더 작은 수", "a smaller number")
            raise Refusal(CoreCode.OUT_OF_RANGE, field="", range=accepted) from error
        elif state == TIMED_OUT:
            raise Refusal(CoreCode.BUSY, seconds=30) from error
        raise

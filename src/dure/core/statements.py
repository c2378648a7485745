"""Statements that every action runs: prepared once a connection, then executed by name.

Nouns: statement (문장), place (자리, a value in its order), plan (계획, the statement as one
connection keeps it), trip (왕복, what goes to the server before an answer is awaited).
Law: the same connection, transaction and errors as Django's; whoever watches Django's statements
sees these too. BEGIN travels with the first statement, COMMIT with the last one that says so.
Measured: 4 µs of the client a call, 30 by Django's cursor.
"""

from __future__ import annotations

import re
import select
from collections.abc import Sequence
from datetime import UTC
from itertools import count
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import pq
from psycopg.adapt import Transformer

from dure.core.sqlstates import GONE

Row = tuple[Any, ...]  # Any: columns of whatever was asked
Asked = tuple[str, Sequence[object]]  # a statement and its places

_KEPT = "dure_plans"
_NAMES = count(1)
_PLACE = re.compile("%([s%])")
_INSTANT = psycopg.adapters.get_loader(psycopg.adapters.types["timestamptz"].oid, pq.Format.TEXT)


def rows(statement: str, places: Sequence[object] = (), *, last: bool = False) -> list[Row]:
    """Run a statement on the default connection and give its rows.

    statement : SQL with ``%s`` for each place, its types stated where PostgreSQL cannot tell them;
                a constant of the program, since each text is planned and kept a connection
    places    : each goes as text, so that one plan serves NULL and numbers of every size
    last      : nothing follows in this transaction: where it is the outermost and stands well, it
                is committed in the same trip, and the block around it finds nothing left to do

    Raises Django's database errors. A jsonb column comes as text, as the connection reads it.
    """
    return _asked([(statement, places)], last=last)[0]


def rows_of_both(first: Asked, second: Asked) -> tuple[list[Row], list[Row]]:
    """Run two statements in one trip, the second one only when the first went well."""
    found = _asked([first, second], last=False)
    return found[0], found[1]


def _asked(statements: Sequence[Asked], *, last: bool) -> list[list[Row]]:
    here = connections[DEFAULT_DB_ALIAS]
    if here.execute_wrappers or here.queries_logged:
        return [_watched(here, *asked) for asked in statements]
    if here.connection is None:
        here.ensure_connection()
    here.validate_no_broken_transaction()
    with here.wrap_database_errors:
        plans: _Plans | None = here.__dict__.get(_KEPT)
        if plans is None or plans.connection is not here.connection:
            plans = here.__dict__[_KEPT] = _Plans(here)
        last = last and here.in_atomic_block and not here.savepoint_ids and not here.needs_rollback
        texts = [(asked, [_as_bytes(place) for place in places]) for asked, places in statements]
        return plans.run(texts, last)


def _watched(here: BaseDatabaseWrapper, statement: str, places: Sequence[object]) -> list[Row]:
    with here.cursor() as cursor:
        cursor.execute(statement, [_as_text(place) for place in places])
        return cursor.fetchall() if cursor.description else []


def row(statement: str, places: Sequence[object] = ()) -> Row | None:
    """Run a statement that gives at most one row; None when it gives none."""
    found = rows(statement, places)
    assert len(found) <= 1, "one row was meant"
    return found[0] if found else None


def _as_text(place: object) -> str | None:
    if place is None or type(place) is str:
        return place
    return f"\\x{place.hex()}" if isinstance(place, bytes) else str(place)


def _as_bytes(place: object) -> bytes | None:
    if place is None:
        return None
    text = place if type(place) is str else _as_text(place)
    assert text is not None
    if "\0" in text:
        raise psycopg.DataError("PostgreSQL text cannot contain NUL (0x00) bytes")
    return text.encode()


class _Plans:
    """The plans of one connection."""

    def __init__(self, here: BaseDatabaseWrapper) -> None:
        self.connection: psycopg.Connection[Any] = here.connection  # Any: rows of any kind
        self.reads_utc = here.timezone is UTC
        self.known: dict[str, tuple[bytes, Any]] = {}  # Any: psycopg's Transformer, untyped in C
        self.poll = select.poll()

    def run(
        self, statements: Sequence[tuple[str, list[bytes | None]]], last: bool
    ) -> list[list[Row]]:
        server = self.connection.pgconn
        with self.connection.lock:
            idle = server.transaction_status == pq.TransactionStatus.IDLE
            begins = idle and not self.connection.autocommit
            known = [self.known.get(text) or self._plan(text) for text, _ in statements]
            named = [(one[0], places) for one, (_, places) in zip(known, statements, strict=True)]
            if begins or last or len(named) > 1:
                answers = self._one_trip(named, begins, last)
            else:
                (name, places), *_ = named
                answers = [self._done(server.exec_prepared(name, places))]  # type: ignore[arg-type]  # takes None
            return [self._read(one[1], it) for one, it in zip(known, answers, strict=True)]

    @staticmethod
    def _read(reader: Any, answer: pq.abc.PGresult) -> list[Row]:  # Any: as above
        if answer.status != pq.ExecStatus.TUPLES_OK:
            return []
        reader.set_pgresult(answer)
        found: list[Row] = reader.load_rows(0, answer.ntuples, tuple)
        return found

    def _one_trip(
        self, named: Sequence[tuple[bytes, list[bytes | None]]], begins: bool, last: bool
    ) -> list[pq.abc.PGresult]:
        """BEGIN before the statements, COMMIT behind them; what fails stops what follows."""
        server = self.connection.pgconn
        server.enter_pipeline_mode()
        try:
            if begins:
                server.send_query_params(b"BEGIN", None)
            for name, places in named:
                server.send_query_prepared(name, places)
            if last:
                server.send_query_params(b"COMMIT", None)
            server.pipeline_sync()
            answers = self._answers()
        finally:
            if server.status == pq.ConnStatus.OK:
                server.exit_pipeline_mode()
        for answer in answers:
            self._done(answer)
        return answers[int(begins) : int(begins) + len(named)]

    def _answers(self) -> list[pq.abc.PGresult]:
        """What the server says until it has heard all; other threads go on meanwhile."""
        server = self.connection.pgconn
        found: list[pq.abc.PGresult] = []
        while True:
            unsent = server.flush()
            if unsent or server.is_busy():
                wanted = select.POLLIN | select.POLLOUT if unsent else select.POLLIN
                self.poll.register(server.socket, wanted)
                self.poll.poll()
                server.consume_input()
                continue
            answer = server.get_result()
            if answer is None:
                continue
            if answer.status == pq.ExecStatus.PIPELINE_SYNC:
                return found
            found.append(answer)
            if server.status != pq.ConnStatus.OK:
                return found

    def _plan(self, statement: str) -> tuple[bytes, Any]:  # Any: as above
        places = count(1)
        text = _PLACE.sub(lambda m: f"${next(places)}" if m[1] == "s" else "%", statement)
        name = f"dure_{next(_NAMES)}".encode()
        self._done(self.connection.pgconn.prepare(name, text.encode()))
        # How values are read stands on a cursor; instants as psycopg reads them, in UTC: the same
        # as Django's, without its second object.
        reader = psycopg.Cursor(self.connection)
        if self.reads_utc and _INSTANT is not None:
            reader.adapters.register_loader("timestamptz", _INSTANT)
        known = self.known[statement] = (name, Transformer(reader))
        return known

    def _done(self, answer: pq.abc.PGresult) -> pq.abc.PGresult:
        if answer.status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
            return answer
        if self.connection.pgconn.status != pq.ConnStatus.OK:
            raise psycopg.OperationalError(answer.get_error_message())
        error = psycopg.errors.error_from_result(answer)
        if error.sqlstate in GONE:
            self.known.clear()
        raise error

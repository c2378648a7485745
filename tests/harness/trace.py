"""What an action really did: tables written, labels, notices, lines; compared with its entry.

Written rows are counted by the database itself for the present transaction, so that raw SQL and
bulk writes are seen as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection

from dure.core.actions import CATALOGUE
from dure.core.models import AuditLine, Notice
from dure.journal.models import Event

# Tables that the machine itself writes for every action that uses it.
MACHINE = {
    "core_auditline": "the line",
    "core_notice": "notices, compared by template",
    "core_progress": "progress of a job asked for",
    "access_log": "the log of a read from the vault, written before it",
    "subject": "a person's key in the vault, written by its logged function",
    "cell": "what the vault keeps, as above",
    "procrastinate_jobs": "a job asked for",
    "procrastinate_events": "as above",
}


@dataclass
class Trace:
    """What happened inside the block."""

    tables: set[str] = field(default_factory=set)
    actions: list[str] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    notices: set[str] = field(default_factory=set)

    def undeclared(self) -> list[str]:
        """What no entry that ran declares: tables, labels."""
        entries = [CATALOGUE[name] for name in self.actions]
        writes = {table for entry in entries for table in entry.writes}
        labels = {label for entry in entries for label in entry.labels}
        if self.labels:
            writes |= {table for table in self.tables if table.startswith("journal_")}
        found = [f"table {name}" for name in sorted(self.tables - writes - set(MACHINE))]
        return found + [f"label {name}" for name in sorted(self.labels - labels)]


def written() -> dict[str, int]:
    """Rows inserted, changed and deleted by this transaction so far, by table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return dict(cursor.fetchall())


@contextmanager
def traced() -> Iterator[Trace]:
    """Watch a block inside one transaction."""
    trace = Trace()
    before = written()
    line = AuditLine.rows.order_by("-seq").values_list("seq", flat=True).first() or 0
    event = Event.rows.order_by("-seq").values_list("seq", flat=True).first() or 0
    notices = set(Notice.rows.values_list("id", flat=True))
    yield trace
    after = written()
    trace.tables = {name for name, count in after.items() if count > before.get(name, 0)}
    lines = AuditLine.rows.filter(seq__gt=line).order_by("seq")
    trace.actions = list(lines.values_list("action", flat=True))
    trace.labels = set(Event.rows.filter(seq__gt=event).values_list("label__code", flat=True))
    new = Notice.rows.exclude(id__in=notices)
    trace.notices = set(new.values_list("template", flat=True))


def row_hashes() -> dict[str, str]:
    """A hash of the rows of every table of this database, by table."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(oid, 'SELECT') ORDER BY relname"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
                f' FROM "{table}" t'
            )
            found[table] = cursor.fetchone()[0]
    return found

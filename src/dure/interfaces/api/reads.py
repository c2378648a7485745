"""The routers of all reads, in the order of the API page."""

from ninja import Router

from dure.interfaces.api import reads_core, reads_journal

READERS: tuple[tuple[str, Router], ...] = (
    ("", reads_core.router),
    ("", reads_journal.router),
)

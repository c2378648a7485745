"""The processes: one file each. A new sector adds a file here and no table."""

from __future__ import annotations

from dure.exchange.declaration import Process
from dure.exchange.processes.repair import REPAIR

PROCESSES: tuple[Process, ...] = (REPAIR,)

BY_VERSION: dict[tuple[str, int], Process] = {(p.key, p.version): p for p in PROCESSES}

"""The processes: one file each. A new sector adds a file here and no table."""

from __future__ import annotations

from dure.exchange.declaration import Process
from dure.exchange.processes.carpool import CARPOOL
from dure.exchange.processes.equipment_loan import EQUIPMENT_LOAN
from dure.exchange.processes.food_order import FOOD_ORDER
from dure.exchange.processes.give_away import GIVE_AWAY
from dure.exchange.processes.repair import REPAIR
from dure.exchange.processes.time_exchange import TIME_EXCHANGE

PROCESSES: tuple[Process, ...] = (
    REPAIR,
    TIME_EXCHANGE,
    EQUIPMENT_LOAN,
    FOOD_ORDER,
    CARPOOL,
    GIVE_AWAY,
)

BY_VERSION: dict[tuple[str, int], Process] = {(p.key, p.version): p for p in PROCESSES}


def newest(key: str) -> Process | None:
    """The newest version of a process: the one that a new case begins with."""
    versions = [process for (name, _), process in BY_VERSION.items() if name == key]
    return max(versions, key=lambda process: process.version, default=None)


def labels() -> tuple[str, ...]:
    """Every label under which some process states facts."""
    found = (label for process in BY_VERSION.values() for label in process.labels)
    return tuple(dict.fromkeys(found))

"""The states of the declared processes, brought where every case points to."""

from __future__ import annotations

from dataclasses import dataclass

from dure.core.actions import Who, action, line
from dure.core.actors import Actor, Role
from dure.exchange import policies
from dure.exchange.models import ProcessState
from dure.exchange.processes import BY_VERSION


@dataclass(frozen=True, slots=True)
class ProcessesInstalled:
    """How many versions are declared, and how many states are new."""

    versions: int
    new: int


@action(
    "exchange.process.install",
    ko="절차의 상태 목록을 올립니다.",
    en="Install the states of the processes.",
    policy=policies.may_install,
    letters={Role.OPERATOR: "o"},
    who=Who.OPERATOR,
    faces=("cli",),
    writes=("exchange_processstate",),
)
def install_processes(*, actor: Actor) -> ProcessesInstalled:
    """Bring the states of every declared version into the database; repeatable.

    Effects: ProcessState. A state that is no longer declared stays: cases may point to it.
    """
    known = set(ProcessState.rows.values_list("process", "version", "state"))
    missing = [
        ProcessState(
            process=process.key,
            version=process.version,
            state=state.key,
            terminal=process.is_terminal(state),
            audit=line().id,
        )
        for process in BY_VERSION.values()
        for state in process.states
        if (process.key, process.version, state.key) not in known
    ]
    ProcessState.rows.bulk_create(missing)
    line().changed("states", None, [f"{s.process}-{s.version}:{s.state}" for s in missing])
    return ProcessesInstalled(versions=len(BY_VERSION), new=len(missing))

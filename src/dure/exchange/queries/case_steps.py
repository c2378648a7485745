"""The steps of a case that its reader may take: now, once her time has come, or on the way out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.db.models import Q

from dure.core import clock
from dure.core.actors import Actor
from dure.exchange import interpreter
from dure.exchange.declaration import Process, Transition
from dure.exchange.effects.riding import AHEAD
from dure.exchange.models import Agreement, Attestation


@dataclass(frozen=True, slots=True)
class Step:
    """A step that the reader may take now. `waits`: she has confirmed, the other side has not;
    `is_way_out`: it ends the case with nothing done, so nobody waits for it; `opens`: its time is
    still to come; `is_free`: it leaves the case in its state, so nobody waits for it either."""

    name: str
    text: str
    asks: type[object] | None
    is_for_two: bool
    waits: bool
    is_way_out: bool
    opens: datetime | None = None
    is_free: bool = False

    @property
    def is_ahead(self) -> bool:
        """Whether its time is still to come."""
        return self.opens is not None


def steps_of(agreement: Agreement, actor: Actor) -> tuple[Step, ...]:
    """The steps that the reader may take now, in the order declared."""
    process = interpreter.process_of(agreement)
    said = _said(agreement, actor)
    found = [
        Step(
            t.name,
            str(t.text),
            t.asks,
            t.is_for_two,
            t.name in said,
            _is_way_out(process, t),
            opens_at(agreement, t),
            t.source is t.target,
        )
        for t in interpreter.steps_open(agreement, actor)
    ]
    order = attrgetter("is_way_out", "is_free", "is_ahead")
    return tuple(sorted(found, key=order))


def opens_at(agreement: Agreement, transition: Transition) -> datetime | None:
    """When a step that a guard keeps until a time of the case can be taken; None once it can."""
    if agreement.starts is None:
        return None
    waits = [AHEAD[guard.name] for guard in transition.when if guard.name in AHEAD]
    opens = agreement.starts - min(waits) if waits else None
    return opens if opens is not None and opens > clock.now() else None


def _is_way_out(process: Process, step: Transition) -> bool:
    """Whether a step ends its case with nothing paid, and not by saying that all is well."""
    pays = any(effect.pays for effect in step.do)
    return process.is_terminal(step.target) and not pays and step.says != "confirm"


def _said(agreement: Agreement, actor: Actor) -> set[str]:
    """Steps of two that the reader has confirmed since the case came into its state."""
    rows = Attestation.rows.filter(
        Q(by=actor.id) | Q(acted_for=actor.behalf),
        agreement=agreement,
        kind=Attestation.Kind.CONFIRM,
        made_at__gte=agreement.entered_at,
    )
    return set(rows.values_list("transition", flat=True))

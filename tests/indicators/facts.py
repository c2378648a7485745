"""Events in the journal, written past the actions of their rooms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from dure.core.actions import run
from dure.core.actors import Actor
from dure.journal.models import Event, Factor, Label
from tests.harness.given import given

SEOUL = ZoneInfo("Asia/Seoul")
MAPO, JONGNO = "11440", "11110"


def noon(day: str) -> datetime:
    """Twelve o'clock of a day in Seoul."""
    return datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=SEOUL)


class Journal:
    """Writes events as rooms would, past their actions."""

    def __init__(self) -> None:
        self.labels = {label.code: label for label in Label.rows.all()}

    def event(
        self,
        code: str,
        day: str,
        *,
        district: str = MAPO,
        org: UUID | None = None,
        qty: int = 1,
        dims: dict[str, str] | None = None,
        sign: int = 1,
        factor: Factor | None = None,
        gco2e: int | None = None,
        corrects: Event | None = None,
        recorded: str | None = None,
    ) -> Event:
        label = self.labels[code]
        with given() as audit:
            event: Event = Event.rows.create(
                label=label,
                action=label.action,
                sector=label.sector,
                district=district,
                org_id=org,
                dims=dims,
                sign=sign,
                qty=qty,
                unit=label.unit,
                began=noon(day),
                ended=noon(day),
                evidence="A",
                factor=factor,
                gco2e=gco2e,
                corrects=corrects,
                correction=("reversal" if sign < 0 else "restatement") if corrects else None,
                reason="typo" if corrects else None,
                source=f"test.event:{uuid4()}",
                recorded_at=noon(recorded or day),
                audit=audit,
            )
        return event

    def repair(
        self,
        day: str,
        outcome: str = "fixed",
        *,
        district: str = MAPO,
        category: str = "16",
        org: UUID | None = None,
        factor: Factor | None = None,
        gco2e: int | None = None,
    ) -> Event:
        """One attempt, and the repair that it became when it ended fixed."""
        dims = {"outcome": outcome, "category": category, "origin": "here"}
        attempt = self.event("repair.attempt", day, district=district, org=org, dims=dims)
        if outcome == "fixed":
            self.event(
                "repair.fixed", day, district=district, org=org, dims=dims, factor=factor,
                gco2e=gco2e,
            )  # fmt: skip
        return attempt

    def reverse(self, event: Event) -> Event:
        """The same event with sign −1."""
        return self.event(
            event.label.code, event.on_date.isoformat(), district=event.district,
            org=event.org_id, qty=event.qty, dims=event.dims, sign=-1, corrects=event,
        )  # fmt: skip

    def factor(self, code: str = "repair.avoided.16", *, synthetic: bool = True) -> Factor:
        with given() as audit:
            factor: Factor = Factor.rows.create(
                code=code, from_unit="H87", micrograms=130_000_000_000, year=2026,
                purpose="avoided", source="=made up for tests", source_hash="0" * 64,
                valid=("2000-01-01", None), reliability=3, is_synthetic=synthetic,
                recorded_at=noon("2026-01-01"), audit=audit,
            )  # fmt: skip
        return factor


Freeze = Callable[..., str]


def drafted(analyst: Actor) -> dict[str, str]:
    outcome = run("indicators.release.draft", {"period": "2026-Q3", "since": "2026-01"}, analyst)
    return {"release_id": outcome.result.id}

"""Public reads of core: the catalogue of actions, the rulebook, the heads of the sealed chains."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Router, Schema

from dure.core import heads, rulebook_reading
from dure.core.actions import CATALOGUE, Entry
from dure.interfaces.api.pages import DOCUMENTED, DOCUMENTED_ONE, Listed, Query, Window, part

router = Router(tags=["core"])


class ActionOut(Schema):
    """One entry of the catalogue."""

    name: str
    room: str
    ko: str
    en: str
    policy: str
    letters: dict[str, str]
    faces: list[str]
    who: list[str]
    idempotent: bool
    reason: str
    refusals: list[str]
    since: str


class VersionOut(Schema):
    """One version of a rule."""

    id: str
    value: str
    begins: date
    ends: date | None
    source: str
    article: str
    status: str
    in_force: bool


class RuleOut(Schema):
    """One rule with all its versions, newest first."""

    key: str
    room: str
    ko: str
    en: str
    unit: str
    versions: list[VersionOut]


class HeadOut(Schema):
    """The newest seal of one chain."""

    chain: str
    number: int
    digest: str


@router.get(
    "/actions", response=Listed[ActionOut], openapi_extra=DOCUMENTED, operation_id="actions"
)
def actions(request: HttpRequest, window: Query[Window]) -> dict[str, object]:
    """The catalogue of actions."""
    return part(sorted(CATALOGUE.values(), key=lambda one: one.name), window, _action)


@router.get("/rules", response=Listed[RuleOut], openapi_extra=DOCUMENTED, operation_id="rules")
def rules(request: HttpRequest, window: Query[Window]) -> dict[str, object]:
    """The rulebook with its sources and history."""
    return part(rulebook_reading.rules(), window, _rule)


@router.get("/rules/{key}", response=RuleOut, openapi_extra=DOCUMENTED_ONE, operation_id="rule")
def rule(request: HttpRequest, key: Annotated[str, Path(max_length=80)]) -> dict[str, object]:
    """One rule."""
    return _rule(rulebook_reading.rule(key))


@router.get("/seals", response=Listed[HeadOut], openapi_extra=DOCUMENTED, operation_id="seals")
def seals(request: HttpRequest, window: Query[Window]) -> dict[str, object]:
    """The heads of the sealed chains."""
    return part(
        heads.newest(),
        window,
        lambda head: {"chain": head.chain, "number": head.number, "digest": head.digest},
    )


def _action(entry: Entry) -> dict[str, object]:
    return {
        "name": entry.name,
        "room": entry.room,
        "ko": entry.text.ko,
        "en": entry.text.en,
        "policy": entry.policy.text.en,
        "letters": {role.code: letters for role, letters in entry.letters.items()},
        "faces": list(entry.faces),
        "who": [who.value for who in entry.who],
        "idempotent": entry.idempotent,
        "reason": entry.reason.value,
        "refusals": [code.spec.name for code in entry.refusals],
        "since": entry.since,
    }


def _rule(view: rulebook_reading.RuleView) -> dict[str, object]:
    return {
        "key": view.key,
        "room": view.room,
        "ko": view.text.ko,
        "en": view.text.en,
        "unit": view.unit,
        "versions": [
            {
                "id": str(v.id),
                "value": v.value,
                "begins": v.begins,
                "ends": v.ends,
                "source": v.source,
                "article": v.article,
                "status": v.status,
                "in_force": v.is_in_force,
            }
            for v in view.versions
        ],
    }

"""A small action of the harness's own, for tests of the door; in the catalogue inside `probing`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from dure.core.actions import CATALOGUE, Action, Reason, action, line
from dure.core.actors import Actor, Role
from dure.core.models import Rule
from dure.core.policies import anyone
from dure.core.types import CodeText, Count, Name


@dataclass(frozen=True, slots=True)
class RuleRef:
    """The rule that the probe wrote."""

    key: str
    count: int


@contextmanager
def probing(**options: Any) -> Iterator[Action[..., RuleRef]]:  # Any: options of `action`
    """Register ``test.rule.write`` with `options` (and an optional `then` run inside its body)."""
    then: Callable[[Actor], object] | None = options.pop("then", None)
    name: str = options.pop("name", "test.rule.write")
    chosen: dict[str, Any] = {  # Any: as above
        "ko": "시험 규칙을 씁니다.",
        "en": "Write a rule of the test.",
        "policy": anyone,
        "letters": {Role.STAFF: "d"},
        "idempotent": True,
        "reason": Reason.OPTIONAL,
        "writes": ("core_rule",),
        **options,
    }

    def write_rule(key: CodeText, words: Name, count: Count = 1, *, actor: Actor) -> RuleRef:
        Rule.rows.update_or_create(
            key=key, defaults={"ko": words, "en": words, "unit": "day", "room": "test"}
        )
        line().object("core.rule", key)
        line().changed("ko", None, words)
        if then is not None:
            then(actor)
        return RuleRef(key, count)

    try:
        yield action(name, **chosen)(write_rule)
    finally:
        CATALOGUE.pop(name, None)

"""The API against its own document: generated calls, seeded with ids that exist.

Half of the calls carry a body built from the matrix's factories with one generated field put in,
the others what was generated. No server error, no undocumented answer, and enough calls that
succeed: a run that reaches only refusals proves nothing.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dure.core import clock, tokens
from dure.core.actions import CATALOGUE, Entry, Reason
from dure.core.actors import Actor, Role
from dure.core.models import ApiToken
from tests.harness import given as harness
from tests.harness import matrix
from tests.harness.matrix import At, World, expected

pytestmark = pytest.mark.slow
TESTS = Path(__file__).resolve().parent.parent
for found in sorted(TESTS.glob("*/objects.py")):
    import_module(f"tests.{found.parent.name}.objects")

PLAIN = {"Accept-Encoding": "identity"}  # the client of the run does not unpack
CALLS_LEAST = 2000
SUCCESS_LEAST = 0.30
ASKED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def token_of(actor: Actor) -> str:
    token = tokens.new_token()
    with harness.given() as audit:
        ApiToken.rows.create(
            person=actor.id,
            label="시험",
            purpose="all",
            token_hash=tokens.hash_of(token),
            made_at=clock.now(),
            expires_at=clock.now() + timedelta(days=1),
            audit=audit,
        )
    return token


class Seeds:
    """Somebody who may, and a body that stands: both new for each call, since calls commit."""

    def __init__(self) -> None:
        self.chance = random.Random(7)
        self.known: dict[str, str] = {}

    def caller(self, entry: Entry, world: World) -> tuple[Actor, str]:
        """A person with the first role that may run the action, and a token."""
        roles = [r for r in Role if r not in (Role.VISITOR, Role.OPERATOR)]
        role = next((r for r in roles if expected(entry, r, At.OWN)), Role.STAFF)
        actor = world.actor(entry, role, At.OWN)
        return actor, token_of(actor)

    def call(self, entry: Entry, generated: object) -> tuple[str, object]:
        """A token and a body: what was generated, one that stands, or that with one field of it."""
        draw = self.chance.random()
        if draw < 0.25 or entry.name in matrix.APART:
            if entry.name not in self.known:
                self.known[entry.name] = self.caller(entry, World())[1]
            return self.known[entry.name], generated
        world = World()
        actor, token = self.caller(entry, world)
        body = matrix.body_of(entry, world.place(At.OWN, actor), actor)
        if entry.reason is Reason.REQUIRED:
            body["reason"] = "시험으로 부릅니다"
        if draw < 0.45 and isinstance(generated, dict) and generated:
            name = self.chance.choice(sorted(generated))
            body[name] = generated[name]
        return token, body


class Run:
    """What was called and what was wrong."""

    def __init__(self) -> None:
        self.seeds = Seeds()
        self.answers: Counter[int] = Counter()
        self.faults: list[str] = []

    @property
    def calls(self) -> int:
        return sum(self.answers.values())

    def one(self, case: schemathesis.Case, entry: Entry | None) -> None:
        """Call once, seeded where it is an action, and check the answer."""
        headers = dict(PLAIN)
        if entry is not None:
            token, case.body = self.seeds.call(entry, case.body)
            headers |= {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
            case.headers = {}
        answer = case.call(headers=headers)
        self.answers[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=ASKED)
        except BaseExceptionGroup as fault:
            self.faults.append(
                f"{case.method} {case.path} {answer.status_code}: {fault.exceptions}"
            )

    def many(self, operation: Any, calls: int) -> None:  # Any: of an untyped library
        """Call one operation `calls` times; where few values can be drawn, again from the first."""
        name = operation.path.rsplit("/", 1)[1]
        entry = CATALOGUE[name] if "/actions/" in operation.path else None
        target = self.calls + calls

        @seed(7)
        @settings(
            max_examples=calls,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def call(case: schemathesis.Case) -> None:
            if self.calls < target:
                self.one(case, entry)

        while self.calls < target:
            call()


def test_generated_calls_get_documented_answers(commits: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    operations = [result.ok() for result in schema.get_all_operations()]
    made = Run()
    for operation in operations:
        made.many(operation, CALLS_LEAST // len(operations) + 1)
    reached = sum(count for status, count in made.answers.items() if 200 <= status < 300)
    assert made.faults == [], "\n".join(fault[:600] for fault in made.faults[:5])
    assert made.calls >= CALLS_LEAST, made.answers
    assert reached / made.calls >= SUCCESS_LEAST, made.answers


def test_planted_server_error_is_found(commits: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: an unhandled error, and an answer that the document does not know."""
    from dure.core import rulebook_reading

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    case = schema["/api/v1/rules/{key}"]["GET"].Case(path_parameters={"key": "notice.quiet"})
    case.validate_response(case.call(headers=PLAIN), checks=ASKED)

    def broken(key: str) -> object:
        return rulebook_reading.Rule.rows.get(key="no such rule")

    monkeypatch.setattr(rulebook_reading, "rule", broken)
    with pytest.raises(FailureGroup, match="2 distinct failures"):
        case.call_and_validate(checks=ASKED, headers=PLAIN)

"""The door: one transaction, one line, one effect a key, and what each wrong call gets."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from dure.core import clock as core_clock
from dure.core import running
from dure.core.actions import CATALOGUE, Reason, run
from dure.core.actors import Actor
from dure.core.audit import digest_columns
from dure.core.errors import CoreCode, Refusal
from dure.core.models import AuditLine, Rule, SealHead
from dure.core.policies import is_operator
from dure.engines.canonical import canonical, sha256_hex
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.probe import probing

OPERATOR = Actor.operator()
BODY = {"key": "test.one", "words": "두레"}


def refused(name: str, body: dict[str, object], actor: Actor = OPERATOR, **more: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        run(name, body, actor, **more)
    return caught.value


def count_lines() -> int:
    return AuditLine.rows.count()


def test_one_action_writes_one_line_with_its_result(db: None) -> None:
    with probing():
        before = count_lines()
        outcome = run("test.rule.write", BODY, OPERATOR, key="k1", reason="규칙을 시험합니다")
    line = AuditLine.rows.get(id=outcome.line_id)
    assert count_lines() == before + 1
    assert line.result == {"key": "test.one", "count": 1}
    assert (line.action, line.object, line.outcome) == (
        "test.rule.write",
        "core.rule:test.one",
        "done",
    )
    assert (line.reason, line.actor_name) == ("규칙을 시험합니다", "operator")
    assert line.changes == {"ko": [None, "두레"]}
    assert line.body_hash == sha256_hex({"key": "test.one", "words": "두레", "count": 1})


def test_line_digest_covers_the_named_columns(db: None) -> None:
    with probing():
        line = AuditLine.rows.get(id=run("test.rule.write", BODY, OPERATOR).line_id)
    assert bytes(line.digest).hex() == sha256_hex(digest_columns(line))


def test_worked_digest_of_a_line() -> None:
    row = AuditLine(
        actor=UUID("00000000-0000-4000-8000-000000000001"),
        actor_kind="person",
        action="registry.organisation.rename",
        at=datetime.fromisoformat("2026-07-01T00:00:00+00:00"),
        changes={"name": ["두레", "두레 샘랩"]},
        object="registry.organisation:00000000-0000-4000-8000-0000000000aa",
        organisation=UUID("00000000-0000-4000-8000-0000000000aa"),
        origin="web",
        outcome="done",
        reason="상호 변경 등기",
        rule_versions=[],
    )
    text = canonical(digest_columns(row))
    assert len(text) == 487
    assert sha256_hex(digest_columns(row)) == (
        "6551f1e216fb7fd1ddc0152bda963249083849e3f550a9518f063fbffb5e1118"
    )


def test_refusal_changes_nothing_and_leaves_one_line_where_the_entry_says_so(db: None) -> None:
    def refuse(actor: Actor) -> None:
        raise Refusal(CoreCode.STATE_CHANGED, state="x")

    before = count_lines()
    with probing(then=refuse, audit_refusals=True):
        refused("test.rule.write", BODY, key="k1")
    assert not Rule.rows.filter(key="test.one").exists()
    assert count_lines() == before + 1
    line = AuditLine.rows.order_by("-seq")[0]
    assert (line.outcome, line.key, line.body_hash) == ("refused:core.state_changed", None, None)


def test_write_outside_an_action_is_refused_by_the_database(db: None) -> None:
    with pytest.raises(DatabaseError, match=r"dure\.no_action"), transaction.atomic():
        Rule.rows.create(key="x", ko="x", en="x", unit="x", room="x")


def test_mark_of_another_transaction_opens_nothing(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('dure.action',"
            " 'x@' || (pg_current_xact_id()::text::bigint - 1), true)"
        )
    with pytest.raises(DatabaseError, match=r"dure\.no_action"), transaction.atomic():
        Rule.rows.create(key="x", ko="x", en="x", unit="x", room="x")


def test_mark_is_gone_after_the_action(db: None) -> None:
    with probing():
        run("test.rule.write", BODY, OPERATOR)
    with pytest.raises(DatabaseError, match=r"dure\.no_action"), transaction.atomic():
        Rule.rows.create(key="x", ko="x", en="x", unit="x", room="x")


def test_audit_line_cannot_be_changed(db: None) -> None:
    with probing():
        run("test.rule.write", BODY, OPERATOR)
    for word in ("UPDATE core_auditline SET reason = 'x'", "DELETE FROM core_auditline"):
        with (
            pytest.raises(DatabaseError) as caught,
            given(),
            connection.cursor() as cursor,
        ):
            cursor.execute(word)
        assert getattr(caught.value.__cause__, "sqlstate", None) == "42501"


def test_action_inside_an_open_transaction_crashes_loudly(commits: str) -> None:
    with probing(), transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        run("test.rule.write", BODY, OPERATOR)


def test_unknown_field_wrong_type_and_missing_field_name_themselves(db: None) -> None:
    with probing():
        assert refused("test.rule.write", {**BODY, "extra": 1}).places["field"] == "extra"
        assert refused("test.rule.write", {**BODY, "count": "１２"}).places["field"] == "count"
        assert refused("test.rule.write", {**BODY, "count": True}).code is CoreCode.NOT_AN_INTEGER
        assert refused("test.rule.write", {"key": "test.one"}).places["field"] == "words"


def test_resident_number_is_refused_without_being_repeated(db: None) -> None:
    with probing():
        refusal = refused("test.rule.write", {**BODY, "words": "홍 900101-1234567"})
        assert refused("test.rule.write", BODY, reason="900101-1234567 때문").code is CoreCode.RRN
    assert refusal.code is CoreCode.RRN
    for language in ("ko", "en"):
        assert "900101" not in refusal.sentence(language)  # type: ignore[arg-type]  # both languages


@pytest.mark.parametrize(
    ("reason", "code"), [(None, "core.reason_required"), ("짧음", "core.reason_required")]
)
def test_reason_required(db: None, reason: str | None, code: str) -> None:
    with probing(reason=Reason.REQUIRED):
        assert refused("test.rule.write", BODY, reason=reason).name == code
        run("test.rule.write", BODY, OPERATOR, reason="다섯 글자")


def test_reason_from_a_closed_list(db: None) -> None:
    with probing(reason=Reason.REQUIRED, reason_codes=("counter", "letter")):
        assert refused("test.rule.write", BODY, reason="because I want").code is CoreCode.BAD_FIELD
        run("test.rule.write", BODY, OPERATOR, reason="counter")


def test_policy_names_the_roles(db: None) -> None:
    with probing(policy=is_operator):
        refusal = refused("test.rule.write", BODY, Actor.anonymous())
    assert refusal.code is CoreCode.NOT_ALLOWED
    assert refusal.sentence("en") == "This needs the role: staff."


def test_timer_may_not_run_what_people_do(db: None) -> None:
    with probing():
        assert refused("test.rule.write", BODY, Actor.timer("t")).code is CoreCode.NOT_ALLOWED


def test_nested_action_has_its_own_line_and_the_outer_mark_comes_back(db: None) -> None:
    with probing(name="test.rule.inner") as inner:

        def nest(actor: Actor) -> None:
            inner(key="test.two", words="안쪽", actor=actor)
            Rule.rows.create(key="test.three", ko="x", en="x", unit="x", room="x")
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('dure.action')")
                assert cursor.fetchone()[0].startswith(str(running.line().id))

        with probing(then=nest):
            outer = run("test.rule.write", BODY, OPERATOR)
    assert AuditLine.rows.get(action="test.rule.inner").cause == outer.line_id


def test_refusal_inside_refuses_the_outer(db: None) -> None:
    with probing(name="test.rule.inner", policy=is_operator) as inner:

        def nest(actor: Actor) -> None:
            inner(key="test.two", words="안쪽", actor=actor)

        with probing(then=nest):
            refusal = refused("test.rule.write", BODY, Actor.anonymous())
    assert refusal.code is CoreCode.NOT_ALLOWED
    assert not Rule.rows.filter(key__startswith="test.").exists()


def test_nesting_deeper_than_four_crashes(db: None) -> None:
    def nest(actor: Actor) -> None:
        run("test.rule.write", BODY, actor)

    with probing(then=nest), pytest.raises(AssertionError, match="too deep"):
        run("test.rule.write", BODY, OPERATOR)


def test_number_out_of_range_is_a_refusal(db: None) -> None:
    def overflow(actor: Actor) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 2147483647::int + 1")

    with probing(then=overflow):
        assert refused("test.rule.write", BODY).code is CoreCode.OUT_OF_RANGE


def test_named_constraint_is_its_refusal_and_an_unnamed_one_crashes(db: None) -> None:
    def twice(actor: Actor) -> None:
        Rule.rows.create(key="test.one", ko="x", en="x", unit="x", room="x")

    with probing(then=twice, constraints={"core_rule_pkey": CoreCode.STATE_CHANGED}):
        assert refused("test.rule.write", BODY).code is CoreCode.STATE_CHANGED
    with probing(then=twice), pytest.raises(DatabaseError):
        run("test.rule.write", BODY, OPERATOR)


def test_deadlock_is_tried_three_times_then_busy(db: None) -> None:
    tries = []

    def deadlock(actor: Actor) -> None:
        tries.append(1)
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$")

    with probing(then=deadlock):
        assert refused("test.rule.write", BODY).code is CoreCode.BUSY
    assert len(tries) == 3


def test_value_action_refuses_while_the_clock_is_behind_the_newest_seal(
    db: None, clock: Clock
) -> None:
    at = clock.at("2026-07-01T00:00:00+09:00")
    with given():
        SealHead.rows.create(
            chain="t", number=1, digest=bytes(32), horizon=1, sealed_at=at + timedelta(seconds=1)
        )
    with probing(value=True):
        assert refused("test.rule.write", BODY).code is CoreCode.CLOCK_BEHIND
    with probing():
        run("test.rule.write", BODY, OPERATOR)


def test_large_changes_become_a_count_and_a_hash(db: None) -> None:
    def many(actor: Actor) -> None:
        for number in range(2000):
            running.line().changed(f"f{number}", "x" * 20, "y" * 20)

    with probing(then=many):
        line = AuditLine.rows.get(id=run("test.rule.write", BODY, OPERATOR).line_id)
    assert line.changes["count"] == [None, 2001]
    assert len(json.dumps(line.changes)) < 200


def test_time_stands_still_inside_an_action(db: None) -> None:
    seen = []

    def look(actor: Actor) -> None:
        seen.append(core_clock.now())
        seen.append(core_clock.now())

    with probing(then=look):
        line = AuditLine.rows.get(id=run("test.rule.write", BODY, OPERATOR).line_id)
    assert seen == [line.at, line.at]


def test_every_entry_has_words_policy_and_a_closed_body() -> None:
    for entry in CATALOGUE.values():
        assert entry.text.ko.endswith("."), entry.name
        assert entry.text.en.endswith("."), entry.name
        assert entry.body.model_config["extra"] == "forbid"

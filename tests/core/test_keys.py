"""Keys: the first answer again, one effect, and what each wrong key gets."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest
from django.db import connections

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.models import AuditLine
from dure.engines.canonical import sha256_hex
from dure.engines.rrn import has_rrn
from tests.core.test_door import BODY, OPERATOR, count_lines, refused
from tests.harness.probe import probing


def test_worked_body_hashes() -> None:
    named = {"name": "두레 샘랩", "organisation": "00000000-0000-4000-8000-0000000000aa"}
    assert sha256_hex(named) == "7f0070726d6be8fda8add2ce0f14406cbbdcc667095c7370e9b0eb2f2eb323b1"
    assert sha256_hex({"amount": 1}) == (
        "c2b11e657e12fd177359627ca89412018e2274d0873cfbfcf1fc50f685582e9e"
    )
    assert sha256_hex({"amount": "1"}) == (
        "cdb8de78f10f4776de95629e660ff8a5aba9ab22166d96ce73e50d0e3acfc6dc"
    )


def test_same_key_and_body_gives_the_first_answer_and_no_second_line(db: None) -> None:
    with probing():
        first = run("test.rule.write", BODY, OPERATOR, key="k1")
        before = count_lines()
        second = run("test.rule.write", BODY, OPERATOR, key="k1")
    assert (second.result, second.line_id, second.replayed) == (first.result, first.line_id, True)
    assert count_lines() == before


def test_same_key_with_another_body_is_refused(db: None) -> None:
    with probing():
        run("test.rule.write", BODY, OPERATOR, key="k1")
        refusal = refused("test.rule.write", {**BODY, "count": 2}, key="k1")
    assert refusal.code is CoreCode.KEY_REUSED


def test_key_of_another_actor_is_another_key(db: None) -> None:
    with probing():
        run("test.rule.write", BODY, OPERATOR, key="k1")
        other = run("test.rule.write", {**BODY, "count": 2}, Actor.anonymous(), key="k1")
    assert other.replayed is False


def test_key_is_free_again_after_a_refusal(db: None) -> None:
    def refuse(actor: Actor) -> None:
        raise Refusal(CoreCode.STATE_CHANGED, state="x")

    with probing(then=refuse):
        assert refused("test.rule.write", BODY, key="k1").code is CoreCode.STATE_CHANGED
    with probing():
        assert run("test.rule.write", {**BODY, "count": 2}, OPERATOR, key="k1").replayed is False


def test_uuid_that_looks_like_the_number_of_a_person_is_a_key(db: None) -> None:
    key = "3f2b8c1d9001011234567a0b1c2d3e4f"
    assert has_rrn(key)
    with probing():
        assert run("test.rule.write", BODY, OPERATOR, key=key).replayed is False


@pytest.mark.parametrize("key", ["", "x" * 201, "키", "a\nb", "900101-1234567"])
def test_odd_key_is_refused(db: None, key: str) -> None:
    with probing():
        assert refused("test.rule.write", BODY, key=key).code in (CoreCode.BAD_FIELD, CoreCode.RRN)


def test_retrying_face_must_send_a_key(db: None) -> None:
    api = Actor.operator(origin="api")
    with probing():
        assert refused("test.rule.write", BODY, api).code is CoreCode.KEY_REQUIRED


def test_two_hundred_parallel_calls_with_one_key_run_once(commits: str) -> None:
    answers: list[tuple[UUID, bool]] = []
    busy: list[str] = []
    barrier = threading.Barrier(20)

    def call() -> None:
        barrier.wait()
        for _ in range(10):
            try:
                outcome = run("test.rule.write", BODY, OPERATOR, key="k1")
            except Refusal as refusal:
                busy.append(refusal.name)
            else:
                answers.append((outcome.line_id, outcome.replayed))
        connections.close_all()

    with probing():
        threads = [threading.Thread(target=call) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert busy == []
    assert len(answers) == 200
    assert len({line for line, _ in answers}) == 1
    assert [replayed for _, replayed in answers].count(False) == 1
    assert AuditLine.rows.filter(action="test.rule.write").count() == 1

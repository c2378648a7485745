"""Logs: allowed fields alone, and nothing that names a person."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from dure.config.logs import JsonFormatter, scrub


def line(**extra: object) -> dict[str, object]:
    record = logging.LogRecord("dure.web", logging.INFO, "", 0, "said", None, None)
    record.__dict__.update(extra)
    told: dict[str, object] = json.loads(JsonFormatter().format(record))
    return told


@pytest.mark.parametrize(
    "number",
    [
        "900101-1234567",
        "900101 1234567",
        "9001011234567",
        "９００１０１－１２３４５６７",
        "90.01.01-1234567",
    ],
)
def test_resident_numbers_are_scrubbed(number: str) -> None:
    assert "1234567" not in scrub(f"the number {number} was typed")
    assert "1234567" not in json.dumps(line(event="x", route=number), ensure_ascii=False)


@pytest.mark.parametrize(
    "number",
    ["010-1234-5678", "01012345678", "+82 10-1234-5678", "02-123-4567", "０１０-１２３４-５６７８"],
)
def test_phone_numbers_are_scrubbed(number: str) -> None:
    assert scrub(f"call {number}") == "call [phone]"


def test_ids_and_instants_pass() -> None:
    for text in ("2026-11-21T21:30:14.516+00:00", "6d0c7f2e-3f7a-4a53-9d3b-0f6c4f1f7a01"):
        assert scrub(text) == text


def test_a_field_that_is_not_allowed_is_left_out() -> None:
    told = line(event="request", body="홍길동", status=200)
    assert told["status"] == 200
    assert "body" not in told


def test_an_exception_is_told_without_its_words() -> None:
    try:
        raise ValueError("홍길동 900101-1234567")
    except ValueError:
        record = logging.LogRecord("dure", logging.ERROR, "", 0, "failed", None, sys.exc_info())
    told = JsonFormatter().format(record)
    assert "홍길동" not in told
    assert json.loads(told)["error"] == "ValueError"

"""A database that is away is told apart from a statement that failed."""

from __future__ import annotations

import psycopg
import pytest
from django.db import IntegrityError, InterfaceError, OperationalError
from django.test import RequestFactory

from dure.config.unreachable import Unreachable, is_lost


def operational(cause: Exception | None) -> OperationalError:
    error = OperationalError("x")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "lost"),
    [
        (operational(psycopg.OperationalError("connection refused")), True),
        (operational(psycopg.errors.AdminShutdown("57P01")), True),
        (operational(psycopg.errors.CannotConnectNow("57P03")), True),
        (InterfaceError("closed"), True),
        (operational(psycopg.errors.QueryCanceled("57014")), False),
        (operational(psycopg.errors.DeadlockDetected("40P01")), False),
        (IntegrityError("x"), False),
        (ValueError("x"), False),
    ],
)
def test_lost_connections_are_told_apart(error: Exception, lost: bool) -> None:
    assert is_lost(error) is lost


@pytest.mark.parametrize("path", ["/api/v1/actions/x", "/organisations"])
def test_the_answer_says_when_to_try_again(path: str) -> None:
    middleware = Unreachable(lambda request: None)  # type: ignore[arg-type, return-value]  # not called
    answer = middleware.process_exception(RequestFactory().get(path), InterfaceError("closed"))
    assert answer is not None
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "try again in 5 s" in answer.content.decode()

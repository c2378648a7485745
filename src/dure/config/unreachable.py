"""What people read while the database is away: 503 and when to try again, never a broken page."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

SECONDS = 5
KO = "잠시 데이터베이스에 닿지 못했습니다. 5초 뒤 다시 해 주세요. 다시 보내도 한 번만 처리됩니다."
EN = "The database could not be reached. Please try again in 5 s; a repeated request counts once."
LOST = ("08", "57P")  # SQLSTATE classes: connection exception, operator intervention


class Unreachable:
    """Middleware: a lost or refused database connection becomes an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.log = logging.getLogger("dure.web")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a connection fault; every other exception goes its way."""
        if not is_lost(error):
            return None
        self.log.error("", extra={"event": "database_unreachable", "method": request.method})
        if request.path.startswith("/api/"):
            told = {"code": "core.busy", "ko": KO, "en": EN, "seconds": SECONDS}
            answer: HttpResponse = JsonResponse(told, status=503)
        else:
            text = f"{KO}\n{EN}\n"
            answer = HttpResponse(text, status=503, content_type="text/plain; charset=utf-8")
        answer["Retry-After"] = str(SECONDS)
        answer["Cache-Control"] = "no-store"
        return answer


def is_lost(error: Exception) -> bool:
    """Whether the connection failed, rather than the statement."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(LOST)

"""Logs: one JSON object a line, fields by allow-list, and a scrubber as the second wall.

Law: no body, header, query string or name reaches a log. What a field not on the list says is left
out; what looks
like a resident registration number or a telephone number is replaced, in messages and tracebacks
too.
"""

from __future__ import annotations

import json
import logging
import re
import time
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dure.engines.rrn import blank_rrn

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

FIELDS = (
    "event", "action", "code", "request", "route", "method", "status", "ms", "rows",
    "sqlstate", "line", "job", "task", "attempt", "kind",
)  # fmt: skip
RRN = re.compile(r"\d{2}[\s.\-]?\d{2}[\s.\-]?\d{2}[\s.\-–—]{0,3}[0-8][\s.\-]?\d{6}")
PHONE = re.compile(
    r"(?<!\d)(?:\+?82[\s.\-]?|0)(?:1[016789]|2|[3-6]\d)[\s.\-)]{0,2}\d{3,4}[\s.\-]?\d{4}(?!\d)"
)
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def scrub(text: str) -> str:
    """Replace what looks like a resident registration number, a telephone number or an e-mail
    address.

    >>> scrub("홍길동 900101-1234567, 010-1234-5678, hong@mail.test")
    '홍길동 [rrn], [phone], [mail]'
    >>> scrub("９００１０１－１２３４５６７")
    '[rrn]'
    """
    text = blank_rrn(text, "[rrn]")  # every form that the parsers refuse, then looser ones
    plain = unicodedata.normalize("NFKC", text)
    if RRN.search(plain) or PHONE.search(plain) or MAIL.search(plain):
        return MAIL.sub("[mail]", PHONE.sub("[phone]", RRN.sub("[rrn]", plain)))
    return text


class JsonFormatter(logging.Formatter):
    """One line of JSON: at, level, logger, then the allowed fields that the record carries, then
    the message.
    """

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        for name in FIELDS:
            value = getattr(record, name, None)
            if isinstance(value, int):
                entry[name] = value
            elif isinstance(value, str):
                entry[name] = scrub(value)[:200]
        if "event" not in entry:
            # Django's own messages quote addresses, which carry what a person typed.
            own = not record.name.startswith("django")
            entry["message"] = scrub(record.getMessage() if own else str(record.msg))[:2000]
        if record.exc_info and record.exc_info[0] is not None:
            entry["error"] = record.exc_info[0].__name__
            entry["trace"] = trace_of(record)
        return json.dumps(entry, ensure_ascii=False)


def trace_of(record: logging.LogRecord) -> list[str]:
    """Places of a traceback without its values: messages of exceptions may quote what a person
    typed.
    """
    places: list[str] = []
    step = record.exc_info[2] if record.exc_info else None
    while step is not None and len(places) < 60:
        code = step.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/dure/')[2]}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    return places


def logging_config(level: str = "INFO") -> dict[str, object]:
    """For `logging.config.dictConfig`: everything goes to standard error as JSON."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "dure.config.logs.JsonFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"level": "WARNING"},
            "django.request": {"level": "ERROR"},
            "procrastinate": {"level": "WARNING"},
            "axes": {"level": "ERROR"},
        },
    }


class RequestLog:
    """Middleware: one line a request, with the route's pattern instead of its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.log = logging.getLogger("dure.web")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        self.log.info(
            "",
            extra={
                "event": "request",
                "method": request.method,
                "route": match.route if match else "",
                "status": response.status_code,
                "ms": round((time.perf_counter() - began) * 1000),
            },
        )
        return response

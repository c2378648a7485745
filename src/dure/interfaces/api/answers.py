"""What the API answers when it does not do it: one shape for every refusal.

The status is chosen from the refusal's kind; both languages are given, so that a program need not
ask twice.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from dure.core.errors import CoreCode, Kind, Refusal
from dure.core.parsers import ParseError
from dure.core.text import T
from dure.interfaces.web.base import STATUS

ERROR_SCHEMA: dict[str, Any] = {  # Any: JSON schema words
    "type": "object",
    "title": "Refusal",
    "description": "An expected no: permanent code, sentences, fields at fault.",
    "required": ["code", "ko", "en", "fields"],
    "additionalProperties": False,
    "properties": {
        "code": {"type": "string"},
        "ko": {"type": "string"},
        "en": {"type": "string"},
        "fields": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "ko", "en"],
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string"},
                    "ko": {"type": "string"},
                    "en": {"type": "string"},
                },
            },
        },
        "approval": {"type": "string", "format": "uuid"},
    },
}
MEANING = {
    202: "Waiting for a second person.",
    400: "The request could not be read.",
    401: "The token is missing, wrong, ended or revoked.",
    403: "Not allowed.",
    404: "Not found, or outside of what you may see.",
    405: "This address takes another method.",
    409: "It conflicts with the present state.",
    413: "The body is larger than 1 MiB.",
    415: "The body is not JSON.",
    422: "A value is not accepted; the fields are named.",
    429: "Too many requests.",
    501: "An optional part is not installed.",
    503: "Busy; try again.",
}
TOKEN_TEXT = T(
    "접근 토큰이 없거나 끝났습니다. 내 정보에서 새 토큰을 만들어 주세요.",
    "The access token is missing or has ended. Please make a new one on your page.",
)
SIZE_TEXT = T(
    "내용이 너무 큽니다. 1 MiB까지 보낼 수 있습니다.", "The body is too large; 1 MiB is the most."
)
TYPE_TEXT = T("JSON으로 보내 주세요.", "Please send JSON.")
METHOD_TEXT = T("이 주소에서는 쓸 수 없는 방법입니다.", "This address takes another method.")


def refused(refusal: Refusal) -> JsonResponse:
    """The answer to a refusal."""
    answer: dict[str, object] = {
        "code": refusal.name,
        "ko": refusal.sentence("ko"),
        "en": refusal.sentence("en"),
        "fields": [{"name": name, "ko": text.ko, "en": text.en} for name, text in refusal.details],
    }
    if refusal.field and not refusal.details:
        answer["fields"] = [{"name": refusal.field, "ko": answer["ko"], "en": answer["en"]}]
    if "approval" in refusal.places:
        answer["approval"] = str(refusal.places["approval"])
    response = JsonResponse(answer, status=STATUS[refusal.kind])
    if refusal.kind in (Kind.BUSY, Kind.TOO_MANY) and "seconds" in refusal.places:
        response["Retry-After"] = str(refusal.places["seconds"])
    return closed(response)


def no(status: int, code: str, text: T) -> JsonResponse:
    """The answer to a request that never reached an action."""
    return closed(
        JsonResponse({"code": code, "ko": text.ko, "en": text.en, "fields": []}, status=status)
    )


def unreadable(error: ParseError, field: str = "body") -> JsonResponse:
    """The answer to a value that a parser refused."""
    return refused(Refusal(error.code, field=field, range=error.accepted))


def no_token() -> JsonResponse:
    """401."""
    response = no(401, "api.token", TOKEN_TEXT)
    response["WWW-Authenticate"] = "Bearer"
    return response


def not_found(request: HttpRequest) -> HttpResponse:
    """404, the same for a missing object and a foreign one."""
    return refused(Refusal(CoreCode.NOT_FOUND))


def closed(response: JsonResponse) -> JsonResponse:
    """The answer, kept out of every cache."""
    close(response)
    return response


def close(response: HttpResponse) -> None:
    """Keep an answer out of every cache."""
    response["Cache-Control"] = "private, no-store"


def documented(*statuses: int) -> dict[int, dict[str, object]]:
    """The OpenAPI responses of these statuses, all in the one shape."""
    shape = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    return {status: {"description": MEANING[status], "content": shape} for status in statuses}

"""POST /api/v1/actions/<name>: one adapter draws an operation for each action with the face "api".

Law: nothing is written here that the catalogue does not say: body, answers and refusals come from
the entry; the body is read by our own JSON reader before anything else looks at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from pydantic import TypeAdapter

from dure.core import json
from dure.core.actions import CATALOGUE, Entry, Reason, run
from dure.core.catalogue import to_plain
from dure.core.errors import CoreCode, Refusal
from dure.core.parsers import ParseError
from dure.core.policies import anyone
from dure.core.text import T
from dure.interfaces.api import answers
from dure.interfaces.api.callers import caller_of
from dure.interfaces.web.base import STATUS

KEY_HEADER = "Idempotency-Key"
ALWAYS = (401, 403, 409, 413, 415, 422, 429, 503)


def draw(api: NinjaAPI) -> None:
    """Add the operation of every entry that has the face "api"."""
    for entry in sorted(drawn(), key=lambda one: one.name):
        api.default_router.add_api_operation(
            f"/actions/{entry.name}",
            ["POST"],
            _view(entry),
            operation_id=entry.name,
            summary=entry.text.en,
            description=_description(entry),
            tags=[entry.room],
            url_name=f"action:{entry.name}",
            openapi_extra=_document(entry),
        )


def drawn() -> Iterable[Entry]:
    """The entries that have an operation."""
    return [entry for entry in CATALOGUE.values() if "api" in entry.faces]


def _view(entry: Entry) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        return _perform(entry, request)

    view.__name__ = entry.name.replace(".", "_")
    return view


def _perform(entry: Entry, request: HttpRequest) -> HttpResponse:
    caller = caller_of(request)
    if caller is None or (caller.actor.id is None and entry.policy is not anyone):
        return answers.no_token()
    if not caller.may_run(entry.room):
        purpose = T("이 토큰의 목적에 맞는 일", "work within this token's purpose")
        return answers.refused(Refusal(CoreCode.NOT_ALLOWED, role=purpose))
    if request.content_type != "application/json":
        return answers.no(415, "api.content_type", answers.TYPE_TEXT)
    if _length(request) > json.BYTES_MAX:
        return answers.no(413, "api.too_large", answers.SIZE_TEXT)
    try:
        body = json.loads(request.body)
        if not isinstance(body, dict):
            raise ParseError(CoreCode.BAD_FIELD, T("JSON 객체", "a JSON object"))
        reason = _reason(entry, body)
    except ParseError as error:
        return answers.unreadable(error)
    try:
        outcome = run(
            entry.name, body, caller.actor, key=request.headers.get(KEY_HEADER), reason=reason
        )
    except Refusal as refusal:
        return answers.refused(refusal)
    return answers.closed(
        JsonResponse(
            {
                "result": to_plain(outcome.result),
                "line": str(outcome.line_id),
                "replayed": outcome.replayed,
            }
        )
    )


def _length(request: HttpRequest) -> int:
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


def takes_reason(entry: Entry) -> bool:
    """Whether the body carries a reason beside the fields of the action."""
    return entry.reason is not Reason.NONE and "reason" not in entry.body.model_fields


def _reason(entry: Entry, body: dict[str, object]) -> str | None:
    if not takes_reason(entry) or "reason" not in body:
        return None
    reason = body.pop("reason")
    if not isinstance(reason, str):
        raise ParseError(CoreCode.BAD_FIELD, T("5자 이상의 글", "text of at least 5 characters"))
    return reason


def _description(entry: Entry) -> str:
    who = ", ".join(f"{role.code} ({letters})" for role, letters in entry.letters.items())
    parts = [entry.text.ko, f"Policy: {entry.policy.text.en}."]
    if who:
        parts.append(f"Roles: {who}.")
    if entry.function.__doc__:
        parts.append(entry.function.__doc__.split("\n", 1)[0])
    return "\n\n".join(parts)


def statuses(entry: Entry) -> tuple[int, ...]:
    """Every status that this operation may answer besides 200."""
    found = {*ALWAYS, *(STATUS[code.spec.kind] for code in entry.refusals)}
    if entry.subject is not None or entry.lock is not None:
        found.add(404)
    if entry.second_person is not None:
        found.add(202)
    return tuple(sorted(found))


def _document(entry: Entry) -> dict[str, Any]:  # Any: OpenAPI words
    parameters = []
    key = {
        "name": KEY_HEADER,
        "in": "header",
        "required": entry.idempotent,
        "description": "Makes a retry safe: the same key and body give the first answer again.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    }
    if entry.idempotent:
        parameters.append(key)
    result = {
        "type": "object",
        "required": ["result", "line", "replayed"],
        "additionalProperties": False,
        "properties": {
            "result": inline(TypeAdapter(entry.result).json_schema(mode="serialization")),
            "line": {"type": "string", "format": "uuid", "description": "the audit line"},
            "replayed": {"type": "boolean"},
        },
    }
    return {
        "parameters": parameters,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": body_schema(entry)}},
        },
        "responses": {
            200: {
                "description": "Done.",
                "content": {"application/json": {"schema": result}},
            },
            **answers.documented(*statuses(entry)),
        },
        "security": [{}, {"token": []}] if entry.policy is anyone else [{"token": []}],
    }


def body_schema(entry: Entry) -> dict[str, Any]:  # Any: JSON schema words
    """The JSON schema of the body that this operation takes, reason included, all in one."""
    schema: dict[str, Any] = inline(entry.body.model_json_schema())
    schema.setdefault("properties", {})
    if takes_reason(entry):
        accepted: dict[str, Any] = {"type": "string", "minLength": 5, "maxLength": 500}
        if entry.reason_codes:
            accepted = {"type": "string", "enum": list(entry.reason_codes)}
        schema["properties"]["reason"] = {**accepted, "description": "Why; kept on the audit line."}
        if entry.reason is Reason.REQUIRED:
            schema.setdefault("required", []).append("reason")
    return schema


def inline(schema: dict[str, Any]) -> dict[str, Any]:  # Any: JSON schema words
    """Put each ``$defs`` part where it is referred to; none refers to itself."""
    parts = schema.pop("$defs", {})

    def put(node: Any) -> Any:  # Any: as above
        if isinstance(node, dict):
            name = str(node.get("$ref", "")).removeprefix("#/$defs/")
            if "$ref" in node:
                rest = {k: v for k, v in node.items() if k != "$ref"}
                return {**put(parts[name]), **rest}
            return {k: put(v) for k, v in node.items()}
        return [put(item) for item in node] if isinstance(node, list) else node

    found: dict[str, Any] = put(schema)
    return found

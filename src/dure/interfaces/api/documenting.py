"""The OpenAPI document in the shape that a page shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from dure.interfaces.api.main import api


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One field of a body or query."""

    name: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation."""

    method: str
    path: str
    room: str
    summary: str
    description: tuple[str, ...]
    fields: tuple[FieldShown, ...]
    answers: tuple[tuple[str, str], ...]
    needs_token: bool


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation of the document, reads first, then actions by name."""
    found = []
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, words in methods.items():
            found.append(_operation(path, method, words))
    return tuple(sorted(found, key=lambda one: (one.method != "GET", one.path)))


def _operation(path: str, method: str, words: dict[str, Any]) -> Operation:  # Any: OpenAPI words
    body = words.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = body.get("schema", {})
    fields = [
        FieldShown(one["name"], kind_of(one.get("schema", {})), one.get("required", False))
        for one in words.get("parameters", [])
    ]
    fields += [
        FieldShown(name, kind_of(one), name in schema.get("required", []))
        for name, one in schema.get("properties", {}).items()
    ]
    return Operation(
        method=method.upper(),
        path=path,
        room=(words.get("tags") or ["core"])[0],
        summary=words.get("summary", ""),
        description=tuple(words.get("description", "").split("\n\n")),
        fields=tuple(fields),
        answers=tuple(
            (str(s), one.get("description", "")) for s, one in words["responses"].items()
        ),
        needs_token={} not in words.get("security", [{}]),
    )


def kind_of(schema: dict[str, Any]) -> str:  # Any: JSON schema words
    """The kind of a field in short.

    >>> kind_of({"type": "integer", "minimum": 1, "maximum": 5})
    'integer 1–5'
    """
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(kind_of(one) for one in schema["anyOf"] if one.get("type") != "null")
    kind = str(schema.get("format") or schema.get("type") or "")
    if kind == "array":
        return f"[{kind_of(schema.get('items', {}))}]"
    if "minimum" in schema and "maximum" in schema:
        return f"{kind} {schema['minimum']}–{schema['maximum']}"
    if "maxLength" in schema and kind == "string":
        return f"string ≤ {schema['maxLength']}"
    return kind

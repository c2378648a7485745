"""What comes in at the door: body, reason and key, each checked before anything is opened.

Law: an unknown field, a value out of its bounds and a resident registration number go no further.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import BaseModel, ValidationError

from dure.core import parsers
from dure.core.actors import Actor
from dure.core.catalogue import Entry, Reason
from dure.core.errors import Code, CoreCode, Refusal
from dure.core.text import T
from dure.engines.rrn import has_rrn

_UUID = re.compile(r"[0-9a-fA-F]{32}")
RETRYING = frozenset({"api", "job"})


def parsed_of(entry: Entry, body: Mapping[str, object]) -> BaseModel:
    """The body as its closed schema reads it. Raises Refusal naming every field at fault."""
    try:
        return entry.body.model_validate(dict(body))
    except ValidationError as error:
        raise _as_refusal(error) from None


def _as_refusal(error: ValidationError) -> Refusal:
    details: list[tuple[str, T]] = []
    code: Code = CoreCode.BAD_FIELD
    for number, fault in enumerate(error.errors(include_input=False, include_url=False)):
        field = ".".join(str(part) for part in fault["loc"]) or "body"
        cause = fault.get("ctx", {}).get("error")
        if isinstance(cause, parsers.ParseError):
            accepted = cause.accepted
            if number == 0 or cause.code is CoreCode.RRN:
                code = cause.code
        else:
            accepted = _ACCEPTED.get(fault["type"], T("정해진 꼴", "the stated form"))
        details.append((field, accepted))
    first_field, first_accepted = details[0]
    return Refusal(code, field=first_field, range=first_accepted, details=tuple(details))


NEEDED = T("꼭 필요한 값", "a required value")
_ACCEPTED = {
    "extra_forbidden": T("없음(모르는 칸)", "nothing (unknown field)"),
    "missing": NEEDED,
    "literal_error": T("목록에 있는 값", "a value from the list"),
    "enum": T("목록에 있는 값", "a value from the list"),
}


def reason_of(entry: Entry, reason: str | None) -> str | None:
    """The reason as the entry asks for it. Raises Refusal(REASON_REQUIRED, BAD_FIELD)."""
    if entry.reason is Reason.NONE or reason is None or not reason.strip():
        if entry.reason is Reason.REQUIRED:
            raise Refusal(CoreCode.REASON_REQUIRED, field="reason")
        return None
    try:
        text = parsers.note(reason)
    except parsers.ParseError as error:
        raise Refusal(error.code, field="reason", range=error.accepted) from None
    if entry.reason_codes:
        if text not in entry.reason_codes:
            accepted = T(", ".join(entry.reason_codes), ", ".join(entry.reason_codes))
            raise Refusal(CoreCode.BAD_FIELD, field="reason", range=accepted)
        return text
    if not 5 <= len(text) <= 500:
        raise Refusal(CoreCode.REASON_REQUIRED, field="reason")
    return text


def need_key(entry: Entry, actor: Actor, key: str | None) -> None:
    """Faces that retry by themselves must send a key to an idempotent action."""
    if key is None and entry.idempotent and actor.origin in RETRYING:
        raise Refusal(CoreCode.KEY_REQUIRED)


def check_key(key: str | None) -> None:
    """Refuse a key that is too long, not printable, or looks like a person's number.

    A UUID is drawn by chance: of 100 written without dashes two look like such a number.
    """
    if key is None or _UUID.fullmatch(key):
        return
    if not (1 <= len(key) <= 200 and key.isascii() and key.isprintable()) or has_rrn(key):
        accepted = T("보이는 ASCII 200자 이하", "at most 200 printable ASCII characters")
        raise Refusal(CoreCode.BAD_FIELD, field="key", range=accepted)


def plain_of(body: BaseModel) -> dict[str, object]:
    """The body as JSON takes it: what is hashed, and what a second person sees."""
    return body.model_dump(mode="json")

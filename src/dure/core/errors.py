"""Refusals: the expected "no", with a code, fields and a sentence in both languages.

A room declares its codes in its own ``errors.py`` as members of a `Code` subclass and raises
`Refusal`. Faces turn the `Kind` into a status; the sentence says what to do next.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from dure.core.text import Language, T, active_language


class Kind(Enum):
    """What sort of no this is; a face maps it to its own status."""

    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    INVALID = "invalid"
    CONFLICT = "conflict"
    BUSY = "busy"
    TOO_MANY = "too_many"
    ACCEPTED = "accepted"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class CodeSpec:
    """The permanent name, sort and sentence of a refusal."""

    name: str
    kind: Kind
    text: T


def code(name: str, kind: Kind, ko: str, en: str) -> CodeSpec:
    """Declare one refusal code. `name` is dotted and never changes once released."""
    return CodeSpec(name, kind, T(ko, en))


class Code(Enum):
    """Base of a room's enum of refusal codes; values are made by `code()`."""

    @property
    def spec(self) -> CodeSpec:
        """The declaration of this code."""
        spec = self.value
        assert isinstance(spec, CodeSpec)
        return spec


class Refusal(Exception):
    """An expected no. Carries the code, the named places of its sentence and the fields at fault.

    `places` fill the sentence; `field` names the input at fault; `details` is a list of
    ``(field, sentence)`` pairs when more than one input is at fault.
    """

    def __init__(
        self,
        code: Code,
        *,
        field: str | None = None,
        details: tuple[tuple[str, T], ...] = (),
        **places: object,
    ) -> None:
        super().__init__(code.spec.name)
        self.code = code
        self.field = field
        self.details = details
        self.places = {"field": field or "", **places}

    @property
    def name(self) -> str:
        """The dotted code."""
        return self.code.spec.name

    @property
    def kind(self) -> Kind:
        """What sort of no this is."""
        return self.code.spec.kind

    def sentence(self, language: Language | None = None) -> str:
        """The sentence for people, in `language` or in that of the page.

        A place that is itself a `T` is shown in the same language.
        """
        chosen = language or active_language()
        places = {k: v.in_(chosen) if isinstance(v, T) else v for k, v in self.places.items()}
        return self.code.spec.text.in_(chosen, places)


class CoreCode(Code):
    """Refusals that every room shares."""

    NOT_FOUND = code(
        "core.not_found",
        Kind.NOT_FOUND,
        "찾을 수 없습니다. 주소를 확인해 주세요.",
        "Not found. Please check the address.",
    )
    NOT_ALLOWED = code(
        "core.not_allowed",
        Kind.FORBIDDEN,
        "이 일에는 다음 역할이 필요합니다: %(role)s.",
        "This needs the role: %(role)s.",
    )
    TERM_ENDED = code(
        "core.term_ended",
        Kind.FORBIDDEN,
        "임기가 끝났습니다(%(ended_at)s). 새 위임을 받아 주세요.",
        "Your term ended (%(ended_at)s). Ask for a new mandate.",
    )
    SECOND_STEP = code(
        "core.second_step",
        Kind.FORBIDDEN,
        "이 일은 추가 인증을 마친 뒤에 할 수 있습니다."
        " ‘로그인과 안전’ 화면에서 추가 인증을 하고 다시 와 주세요.",
        "This needs a second step at sign-in."
        " Take it on the page “Sign-in and safety”, then come back.",
    )
    TIE = code(
        "core.tie",
        Kind.FORBIDDEN,
        "이해관계가 있어 맡을 수 없습니다. 대신할 사람: %(who)s.",
        "You have a tie to this. Instead: %(who)s.",
    )
    SECOND_PERSON = code(
        "core.second_person",
        Kind.ACCEPTED,
        "다른 한 사람의 승인을 기다립니다.",
        "Waiting for a second person.",
    )
    REASON_REQUIRED = code(
        "core.reason_required",
        Kind.INVALID,
        "이유를 5자 이상 적어 주세요.",
        "Please give a reason of at least 5 characters.",
    )
    BAD_FIELD = code(
        "core.bad_field",
        Kind.INVALID,
        "%(field)s 칸을 고쳐 주세요. 받을 수 있는 값: %(range)s.",
        "Please correct %(field)s. Accepted: %(range)s.",
    )
    NOT_AN_INTEGER = code(
        "core.not_an_integer",
        Kind.INVALID,
        "%(field)s 칸을 고쳐 주세요. 받을 수 있는 값: %(range)s.",
        "Please correct %(field)s. Accepted: %(range)s.",
    )
    OUT_OF_RANGE = code(
        "core.out_of_range",
        Kind.INVALID,
        "%(field)s 칸을 고쳐 주세요. 받을 수 있는 값: %(range)s.",
        "Please correct %(field)s. Accepted: %(range)s.",
    )
    RRN = code(
        "core.rrn",
        Kind.INVALID,
        "주민등록번호는 받지 않습니다.",
        "Resident registration numbers are not accepted.",
    )
    KEY_REQUIRED = code(
        "core.key_required",
        Kind.INVALID,
        "요청 번호가 없습니다. 화면을 새로 열어 주세요.",
        "The request number is missing. Please reload.",
    )
    KEY_REUSED = code(
        "core.key_reused",
        Kind.CONFLICT,
        "같은 번호로 다른 내용이 왔습니다. 새로 시작해 주세요.",
        "This number was used for something else. Please start again.",
    )
    STATE_CHANGED = code(
        "core.state_changed",
        Kind.CONFLICT,
        "그사이 바뀌었습니다. 지금 상태: %(state)s.",
        "It changed meanwhile. Now: %(state)s.",
    )
    BUSY = code(
        "core.busy",
        Kind.BUSY,
        "잠시 뒤 다시 해 주세요(%(seconds)s초).",
        "Please try again in %(seconds)s s.",
    )
    TOO_MANY = code(
        "core.too_many",
        Kind.TOO_MANY,
        "잠시 뒤 다시 해 주세요(%(seconds)s초).",
        "Please try again in %(seconds)s s.",
    )
    RULE_MISSING = code(
        "core.rule_missing",
        Kind.CONFLICT,
        "정해진 규칙이 없습니다: %(rule)s. 총회에 요청해 주세요.",
        "No rule is set: %(rule)s. Ask the assembly.",
    )
    CLOCK_BEHIND = code(
        "core.clock_behind",
        Kind.BUSY,
        "서버 시계가 맞지 않습니다. 운영자에게 알려 주세요.",
        "The server clock is wrong. Please tell the operator.",
    )
    GROUP_MISSING = code(
        "core.group_missing",
        Kind.MISSING,
        "추가 설치가 필요합니다: pip install dure[%(group)s].",
        "Needs an extra: pip install dure[%(group)s].",
    )
    CANCELLED = code(
        "core.cancelled",
        Kind.CONFLICT,
        "취소했습니다. 바뀐 것이 없습니다.",
        "Cancelled. Nothing changed.",
    )

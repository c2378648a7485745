"""Refusals of governance."""

from __future__ import annotations

from dure.core.errors import Code, Kind, code


class GovernanceCode(Code):
    """What governance says no to."""

    ROLL_SEALED = code(
        "governance.roll_sealed",
        Kind.CONFLICT,
        "명부가 이미 확정되었습니다. 잘못이 있으면 까닭을 적어 새 명부로 바로잡습니다.",
        "The roll is sealed. A mistake is corrected by a new roll that names this one.",
    )
    ROLL_OPEN = code(
        "governance.roll_open",
        Kind.CONFLICT,
        "명부 열람이 %(until)s까지입니다. 그 뒤에 확정할 수 있습니다.",
        "The roll is open to objections until %(until)s. It can be sealed after that.",
    )
    ROLL_CLOSED = code(
        "governance.roll_closed",
        Kind.CONFLICT,
        "명부에 이의를 낼 수 있는 기간이 지났습니다(%(until)s). 다음 공모부터 반영됩니다.",
        "The time for objections ended (%(until)s). Changes count from the next call.",
    )
    ROLL_EMPTY = code(
        "governance.roll_empty",
        Kind.CONFLICT,
        "명부에 투표할 사람이 없습니다. 명부 규칙과 기준일을 확인해 주세요.",
        "Nobody on this roll may vote. Please check its rule and its day.",
    )
    ROLL_UNANSWERED = code(
        "governance.roll_unanswered",
        Kind.CONFLICT,
        "답하지 않은 이의가 %(count)s건 있습니다. 먼저 답해 주세요.",
        "%(count)s objections have no answer yet. Please answer them first.",
    )
    OBJECTED = code(
        "governance.objected",
        Kind.CONFLICT,
        "같은 이의를 이미 냈습니다. 답을 기다려 주세요.",
        "You have objected to this already. Please wait for the answer.",
    )
    ANSWERED = code(
        "governance.answered",
        Kind.CONFLICT,
        "이미 답한 이의입니다.",
        "This objection has been answered.",
    )
    ROLL_RULE = code(
        "governance.roll_rule",
        Kind.INVALID,
        "명부 규칙을 고쳐 주세요: %(why)s",
        "Please correct the rule of the roll: %(why)s",
    )
    RECUSED = code(
        "governance.recused",
        Kind.CONFLICT,
        "이미 이 일에서 빠져 있습니다.",
        "This person is out of this matter already.",
    )

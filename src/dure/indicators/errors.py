"""Refusals of indicators."""

from __future__ import annotations

from dure.core.errors import Code, Kind, code


class IndicatorsCode(Code):
    """What indicators answers when it says no."""

    BAD_PERIOD = code(
        "indicators.bad_period",
        Kind.INVALID,
        "기간을 2026-Q3(분기) 또는 2026(연) 꼴로, 첫 달을 2025-01 꼴로 적어 주세요.",
        "Write the period as 2026-Q3 (quarter) or 2026 (year), the first month as 2025-01.",
    )
    PERIOD_OPEN = code(
        "indicators.period_open",
        Kind.CONFLICT,
        "%(period)s은 아직 끝나지 않았습니다. %(day)s 다음 날부터 공표할 수 있습니다.",
        "%(period)s is not over. It can be released from the day after %(day)s.",
    )
    VINTAGE_ORDER = code(
        "indicators.vintage_order",
        Kind.CONFLICT,
        "%(period)s의 다음 차수는 %(next)s입니다.",
        "The next vintage of %(period)s is %(next)s.",
    )
    VINTAGE_DONE = code(
        "indicators.vintage_done",
        Kind.CONFLICT,
        "%(period)s은 최종 차수가 공표되었습니다. 다음 기간의 공표본에 담아 주세요.",
        "The final vintage of %(period)s is published. Use the release of the next period.",
    )
    WRONG_STATE = code(
        "indicators.release.wrong_state",
        Kind.CONFLICT,
        "지금 상태는 ‘%(state)s’입니다. 이 일은 ‘%(wanted)s’일 때 할 수 있습니다.",
        "The release is now “%(state)s”. This can be done when it is “%(wanted)s”.",
    )
    BLOCKED = code(
        "indicators.release.blocked",
        Kind.CONFLICT,
        "검사를 통과하지 못했습니다: %(rules)s. 초안으로 돌아가 고쳐 주세요.",
        "Checks have not passed: %(rules)s. Go back to the draft and mend it.",
    )
    OWN_DRAFT = code(
        "indicators.release.own_draft",
        Kind.FORBIDDEN,
        "초안을 만든 사람은 승인하거나 공표할 수 없습니다. 다른 담당자에게 부탁해 주세요.",
        "Who drafted a release neither approves nor freezes it. Ask another official.",
    )
    CHANGED_SINCE = code(
        "indicators.release.changed_since",
        Kind.CONFLICT,
        "검사한 것과 내용이 달라졌습니다. 다시 계산해 주세요.",
        "The cells are not those that were checked. Compute again.",
    )
    OUTSIDE_GRID = code(
        "indicators.outside_grid",
        Kind.CONFLICT,
        "공표 단위표에 없는 사건이 있습니다(%(what)s). 정의의 새 판을 만들어 주세요.",
        "Some events lie outside the grid (%(what)s). Make a new version of the definition.",
    )
    INCOMPLETE = code(
        "indicators.definition.incomplete",
        Kind.INVALID,
        "정의 %(definition)s의 %(part)s 칸이 맞지 않습니다. 정의 파일을 고쳐 주세요.",
        "Definition %(definition)s: %(part)s does not hold. Mend the definition file.",
    )
    EDITED = code(
        "indicators.definition.edited",
        Kind.CONFLICT,
        "정의 %(definition)s의 %(version)s판은 이미 올라 있습니다. 고치려면 판 번호를 올려 주세요.",
        "Version %(version)s of %(definition)s stands already. Raise the version to change it.",
    )

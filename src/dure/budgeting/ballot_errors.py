"""Refusals around the ballot."""

from __future__ import annotations

from dure.core.errors import Code, Kind, code


class BallotCode(Code):
    """Why a ballot is not taken; nothing of it is kept."""

    NOT_OPEN = code(
        "budgeting.vote_not_open",
        Kind.CONFLICT,
        "지금은 투표 기간이 아닙니다. 공모의 일정을 확인해 주세요.",
        "Voting is not open now. Please look at the dates of the call.",
    )
    NOT_ON_ROLL = code(
        "budgeting.vote_not_on_roll",
        Kind.FORBIDDEN,
        "이 공모의 확정된 명부에 없어 투표할 수 없습니다. 명부는 투표 전에 고정되며,"
        " 다음 공모부터 참여할 수 있습니다.",
        "You are not on the sealed roll of this call. The roll is fixed before the vote;"
        " you can take part in the next call.",
    )
    ONCE = code(
        "budgeting.vote_once",
        Kind.CONFLICT,
        "이미 투표했습니다. 이 공모에서는 표를 바꿀 수 없습니다.",
        "You have voted. Votes cannot be changed in this call.",
    )
    ON_PAPER = code(
        "budgeting.vote_on_paper",
        Kind.CONFLICT,
        "투표소에서 종이로 투표했습니다. 종이 표가 마지막 표입니다.",
        "You voted on paper at a booth. The paper ballot is the last one.",
    )
    CREDENTIAL = code(
        "budgeting.vote_credential",
        Kind.CONFLICT,
        "앞서 낸 표를 찾지 못해 바꿀 수 없습니다. 투표소에 알려 주세요. 앞의 표는 그대로 있습니다.",
        "Your earlier ballot was not found, so it cannot be changed. Please tell the voting"
        " office. The earlier ballot still counts.",
    )
    TWICE = code(
        "budgeting.choice_twice",
        Kind.INVALID,
        "같은 사업을 두 번 고를 수 없습니다.",
        "A project can be chosen only once.",
    )
    UNKNOWN = code(
        "budgeting.choice_unknown",
        Kind.INVALID,
        "이 표로 고를 수 없는 사업이 있습니다. 다른 동의 사업은 그 동의 주민이 고릅니다.",
        "One of the projects is not on your ballot. Projects of another neighbourhood are chosen"
        " by its residents.",
    )
    COUNT = code(
        "budgeting.choice_count",
        Kind.INVALID,
        "고른 사업의 수가 정해진 수와 다릅니다.",
        "The number of projects chosen is not within the limits.",
    )
    POINTS = code(
        "budgeting.choice_points",
        Kind.INVALID,
        "점수를 고쳐 주세요. 사업마다 1점 이상이고, 한 사업과 모두의 점수 한도를 넘을 수 없습니다.",
        "Please correct the points: at least 1 each, within the limits of a project and of all.",
    )
    WON = code(
        "budgeting.choice_won",
        Kind.INVALID,
        "고른 사업의 금액 합이 한도를 넘습니다.",
        "The projects chosen cost more than the limit.",
    )
    FIELD = code(
        "budgeting.choice_field",
        Kind.INVALID,
        "한 분야에서 고를 수 있는 수를 넘었습니다.",
        "Too many projects of one field were chosen.",
    )


RAISED = {
    "dure.vote_not_open": BallotCode.NOT_OPEN,
    "dure.vote_not_on_roll": BallotCode.NOT_ON_ROLL,
    "dure.vote_once": BallotCode.ONCE,
    "dure.vote_on_paper": BallotCode.ON_PAPER,
    "dure.vote_credential": BallotCode.CREDENTIAL,
    "dure.choice_twice": BallotCode.TWICE,
    "dure.choice_unknown": BallotCode.UNKNOWN,
    "dure.choice_count": BallotCode.COUNT,
    "dure.choice_points": BallotCode.POINTS,
    "dure.choice_won": BallotCode.WON,
    "dure.choice_field": BallotCode.FIELD,
}


class PaperCode(Code):
    """Why a batch of papers is held; the whole of it waits."""

    NOT_NOW = code(
        "budgeting.paper_not_now",
        Kind.CONFLICT,
        "종이 표는 투표가 끝난 뒤, 결과를 공개하기 전에 입력합니다.",
        "Papers are typed in when the vote is over and before its result is public.",
    )
    PART = code(
        "budgeting.paper_part",
        Kind.INVALID,
        "이 명부에 없는 동입니다: %(part)s.",
        "No such part on this roll: %(part)s.",
    )
    TWICE = code(
        "budgeting.paper_twice",
        Kind.CONFLICT,
        "같은 일련번호가 두 번 나옵니다: %(serials)s. 묶음 전체를 멈추었습니다.",
        "A serial comes twice: %(serials)s. The whole batch is held.",
    )
    FAULT = code(
        "budgeting.paper_fault",
        Kind.INVALID,
        "%(serial)s번 표를 고쳐 주세요: %(why)s",
        "Please correct paper %(serial)s: %(why)s",
    )
    THIRD = code(
        "budgeting.paper_third",
        Kind.CONFLICT,
        "두 사람이 이미 이 묶음을 입력했습니다.",
        "Two people have typed this batch.",
    )
    ONE = code(
        "budgeting.paper_one",
        Kind.CONFLICT,
        "서로 다른 두 사람이 따로 다 입력해야 합칠 수 있습니다.",
        "Two different people must have typed all of the batch, each alone.",
    )
    DIFFERS = code(
        "budgeting.paper_differs",
        Kind.CONFLICT,
        "두 사람의 입력이 다릅니다. 일련번호: %(serials)s. 종이를 다시 보고 고치거나, 세 번째"
        " 사람이 보고 정해 주세요.",
        "The two typings differ at serial %(serials)s. Please look at the papers again and type"
        " them anew, or have a third person settle them.",
    )
    MERGED = code(
        "budgeting.paper_merged",
        Kind.CONFLICT,
        "이미 합친 묶음입니다.",
        "This batch has been merged.",
    )
    OVER = code(
        "budgeting.paper_over",
        Kind.CONFLICT,
        "투표소에서 표시한 사람보다 종이 표가 많습니다. 표시를 확인해 주세요.",
        "There are more papers than people marked at the booths. Please check the marks.",
    )
    COUNTED = code(
        "budgeting.paper_counted",
        Kind.INVALID,
        "손으로 센 종이는 %(counted)s장인데 입력한 것은 %(typed)s장입니다. 빠지거나 겹친 종이를"
        " 찾아 주세요.",
        "%(counted)s papers were counted by hand but %(typed)s were typed. Please find what is"
        " missing or typed twice.",
    )
    LOOKED = code(
        "budgeting.paper_looked",
        Kind.CONFLICT,
        "세 번째 사람이 이미 종이를 보고 정해, 더는 고칠 수 없습니다.",
        "A third person has looked at papers of this batch; it cannot be typed again.",
    )
    OWN = code(
        "budgeting.paper_own",
        Kind.CONFLICT,
        "이 묶음을 입력한 사람은 정할 수 없습니다. 다른 사람에게 부탁해 주세요.",
        "Whoever typed this batch cannot settle it. Please ask somebody else.",
    )
    ALIKE = code(
        "budgeting.paper_alike",
        Kind.CONFLICT,
        "두 입력이 같은 종이입니다. 정할 것이 없습니다.",
        "The two typings agree on this paper; there is nothing to settle.",
    )
    BATCH = code(
        "budgeting.paper_batch",
        Kind.NOT_FOUND,
        "그런 묶음이 없습니다: %(batch)s.",
        "There is no such batch: %(batch)s.",
    )


PAPER_RAISED = RAISED | {
    "dure.paper_not_now": PaperCode.NOT_NOW,
    "dure.paper_third": PaperCode.THIRD,
    "dure.paper_one": PaperCode.ONE,
    "dure.paper_merged": PaperCode.MERGED,
    "dure.paper_over": PaperCode.OVER,
    "dure.paper_looked": PaperCode.LOOKED,
    "dure.paper_own": PaperCode.OWN,
    "dure.paper_alike": PaperCode.ALIKE,
}

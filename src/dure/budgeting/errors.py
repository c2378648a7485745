"""Refusals of budgeting."""

from __future__ import annotations

from dure.core.errors import Code, Kind, code


class BudgetCode(Code):
    """What budgeting says no to."""

    WRONG_STATE = code(
        "budgeting.wrong_state",
        Kind.CONFLICT,
        "지금은 할 수 없는 일입니다. 지금 상태: %(state)s.",
        "This cannot be done now. State: %(state)s.",
    )
    FROZEN = code(
        "budgeting.frozen",
        Kind.CONFLICT,
        "규칙이 고정되어 이제 바꿀 수 없습니다. 결과에 영향을 주는 값은 투표 전에 고정됩니다.",
        "The rules are frozen and cannot change any more. What decides a result is fixed"
        " before the vote.",
    )
    BAD_RULE = code(
        "budgeting.bad_rule",
        Kind.INVALID,
        "개표 규칙을 고쳐 주세요: %(why)s",
        "Please correct the rule of counting: %(why)s",
    )
    BAD_BALLOT = code(
        "budgeting.bad_ballot_rule",
        Kind.INVALID,
        "투표 방법을 고쳐 주세요: %(why)s",
        "Please correct the ballot: %(why)s",
    )
    BAD_DATES = code(
        "budgeting.bad_dates",
        Kind.INVALID,
        "단계의 날짜를 고쳐 주세요. 제안, 검토, 목록 공개, 투표, 개표의 차례이고"
        " 겹치지 않아야 합니다.",
        "Please correct the dates: proposing, reviewing, listing, voting, counting in this order,"
        " without overlap.",
    )
    BAD_FILE = code(
        "budgeting.bad_file",
        Kind.INVALID,
        "파일을 가져올 수 없습니다: %(why)s",
        "The file cannot be taken in: %(why)s",
    )
    NOT_READY = code(
        "budgeting.not_ready",
        Kind.CONFLICT,
        "아직 넘어갈 수 없습니다: %(why)s",
        "The call cannot go on yet: %(why)s",
    )
    NOT_NOW = code(
        "budgeting.not_now",
        Kind.CONFLICT,
        "때가 아닙니다. %(at)s에 할 수 있습니다.",
        "It is not the time. This can be done at %(at)s.",
    )
    NOT_OPEN = code(
        "budgeting.not_open",
        Kind.CONFLICT,
        "제안을 받는 기간이 아닙니다. 공모의 일정을 확인해 주세요.",
        "Proposals are not taken now. Please look at the dates of the call.",
    )
    NO_TEMPLATE = code(
        "budgeting.no_template",
        Kind.INVALID,
        "그런 틀이 없습니다: %(template)s.",
        "There is no such template: %(template)s.",
    )
    UNKNOWN_CODE = code(
        "budgeting.unknown_code",
        Kind.INVALID,
        "이 공모에 없는 부호입니다: %(name)s.",
        "This call has no such code: %(name)s.",
    )
    IN_USE = code(
        "budgeting.in_use",
        Kind.CONFLICT,
        "이미 쓰이고 있어 지울 수 없습니다: %(name)s.",
        "This is in use and cannot be removed: %(name)s.",
    )
    PHOTO = code(
        "budgeting.photo",
        Kind.INVALID,
        "사진을 찾을 수 없습니다. 본인이 올린 사진만 붙일 수 있습니다.",
        "The photo was not found. Only photos that you uploaded can be added.",
    )
    NO_PICTURE = code(
        "budgeting.no_picture",
        Kind.INVALID,
        "사진을 읽을 수 없습니다. 8 MB까지의 JPEG나 PNG 사진을 올려 주세요.",
        "The photo could not be read. Please upload a JPEG or PNG of at most 8 MB.",
    )
    TOO_MANY = code(
        "budgeting.too_many_proposals",
        Kind.CONFLICT,
        "한 공모에 한 사람이 %(count)s건까지 제안할 수 있습니다.",
        "One person may send at most %(count)s proposals to a call.",
    )
    NOT_OF_CALL = code(
        "budgeting.not_of_call",
        Kind.FORBIDDEN,
        "이 공모의 주민이나 조합원만 할 수 있습니다. ‘내 정보’에서 사는 곳을 확인해 주세요.",
        "Only residents or members of this call may do this. Please check where you live"
        " in your own data.",
    )
    JOINED = code(
        "budgeting.joined",
        Kind.CONFLICT,
        "이미 함께하고 있습니다.",
        "You have joined already.",
    )
    MERGE = code(
        "budgeting.merge",
        Kind.CONFLICT,
        "이 두 제안은 합칠 수 없습니다. 같은 공모의 살아 있는 두 제안만 합칩니다.",
        "These two proposals cannot be merged. Both must be alive and of one call.",
    )
    MERGE_DECIDED = code(
        "budgeting.merge_decided",
        Kind.CONFLICT,
        "이미 답했거나 끝난 권유입니다.",
        "This offer is over, or you have answered it.",
    )
    REVIEWER_AUTHOR = code(
        "budgeting.reviewer_is_author",
        Kind.CONFLICT,
        "제안한 사람은 그 제안을 검토할 수 없습니다. 다른 사람에게 맡겨 주세요.",
        "An author cannot review the proposal. Please choose somebody else.",
    )
    REVIEWER_RECUSED = code(
        "budgeting.reviewer_is_recused",
        Kind.CONFLICT,
        "이 사람은 이 제안의 검토에서 빠져 있습니다(제척·기피·회피).",
        "This person is out of reviewing this proposal (recusal).",
    )
    REVIEWER_TIED = code(
        "budgeting.reviewer_is_tied",
        Kind.CONFLICT,
        "제안한 사람과 신고된 이해관계가 있어 검토할 수 없습니다(제척). 다른 사람에게 맡겨 주세요.",
        "A declared tie to an author excludes this reviewer. Please choose somebody else.",
    )
    REVIEWER_FIRST = code(
        "budgeting.reviewer_is_the_first",
        Kind.CONFLICT,
        "다시 검토할 때는 다른 사람이 맡습니다.",
        "A second review is given by somebody else.",
    )
    REVIEWER_UNFIT = code(
        "budgeting.reviewer_unfit",
        Kind.CONFLICT,
        "검토는 구청 담당자(기금은 이사)가 맡습니다.",
        "Reviews are given by officials (of a fund: by its board).",
    )
    ASSIGNED = code(
        "budgeting.assigned",
        Kind.CONFLICT,
        "이 검토는 이미 맡겨졌거나 끝났습니다.",
        "This review is assigned or given already.",
    )
    RELEASED = code(
        "budgeting.assignment_is_released",
        Kind.CONFLICT,
        "맡김이 물려져 검토할 수 없습니다.",
        "The assignment was released; the review cannot be given.",
    )
    REVIEW_COST = code(
        "budgeting.review_cost",
        Kind.INVALID,
        "비용 검토에는 비용(원)과 그 근거를 적고, 적은 값 ≤ 비용 ≤ 많은 값이어야 합니다."
        " 다른 검토에는 비용을 적지 않습니다.",
        "A cost review states the cost in won and its basis, low ≤ cost ≤ high."
        " Other reviews state no cost.",
    )
    ANSWERED = code(
        "budgeting.answered",
        Kind.CONFLICT,
        "검토에는 한 번만 답할 수 있고, 다시 한 검토에는 답하지 않습니다.",
        "A review can be answered once, and a second review not at all.",
    )
    NOT_REVIEWED = code(
        "budgeting.not_reviewed",
        Kind.CONFLICT,
        "적법성·실현 가능성·비용 검토가 모두 적합이어야 사업이 됩니다. 모자란 검토: %(kinds)s.",
        "A project needs fit reviews of legality, feasibility and cost. Missing: %(kinds)s.",
    )
    CODE_TAKEN = code(
        "budgeting.code_taken",
        Kind.CONFLICT,
        "같은 번호의 사업이 있습니다: %(name)s.",
        "There is a project with this code: %(name)s.",
    )
    LINKS_OFF = code(
        "budgeting.links_off",
        Kind.CONFLICT,
        "이 공모의 규칙은 사업 사이의 이음을 받지 않습니다.",
        "The rule of this call takes no links between projects.",
    )
    STEP = code(
        "budgeting.call_step",
        Kind.CONFLICT,
        "이 단계에서 그 단계로 넘어갈 수 없습니다.",
        "The call cannot go from this phase to that one.",
    )
    MODERATES_OWN = code(
        "budgeting.moderates_own",
        Kind.FORBIDDEN,
        "자기 글이나 자기 제안에 달린 것은 다른 담당자가 살펴야 합니다.",
        "What you wrote, or what stands with your own proposal, is for somebody else to judge.",
    )
    MODERATED_ALONE = code(
        "budgeting.moderated_alone",
        Kind.FORBIDDEN,
        "이의에는 가린 사람이 아닌 다른 담당자가 답해야 합니다.",
        "An appeal is answered by somebody else than who hid the thing.",
    )
    MODERATED = code(
        "budgeting.moderated",
        Kind.CONFLICT,
        "이미 그렇게 되어 있습니다. 지금 상태를 다시 보고 정해 주세요.",
        "It is so already. Please look at it again.",
    )
    APPEALED = code(
        "budgeting.appealed",
        Kind.CONFLICT,
        "가린 일마다 이의는 한 번만 낼 수 있고, 지금 가려져 있을 때만 냅니다.",
        "An appeal can be made once for each hiding, and only while it stands.",
    )
    HIDDEN = code(
        "budgeting.hidden",
        Kind.CONFLICT,
        "가려진 제안은 투표에 올릴 수 없습니다. 먼저 다시 보이게 해 주세요.",
        "A hidden proposal cannot go on the ballot. Please show it again first.",
    )
    AWARD_OVER = code(
        "budgeting.award_over",
        Kind.CONFLICT,
        "이미 끝났거나 취소된 사업입니다.",
        "This winner is finished or cancelled already.",
    )
    OVER_ENVELOPE = code(
        "budgeting.award_over_envelope",
        Kind.CONFLICT,
        "뽑힌 사업들의 돈을 더하면 재원 한도를 넘습니다. 남는 돈 안에서 적어 주세요.",
        "The winners together would pass the money of their envelope.",
    )
    SAME_AMOUNT = code(
        "budgeting.award_same_amount",
        Kind.INVALID,
        "지금 정해진 돈과 같습니다. 바꿀 금액을 적어 주세요.",
        "It is the amount that stands. Please write the new one.",
    )
    DELAY = code(
        "budgeting.delay_in_part",
        Kind.INVALID,
        "늦어진다고 알릴 때는 까닭과 새 기한을 함께 적어 주세요.",
        "A delay needs its reason and the new due day.",
    )
    SPENT_TOO_MUCH = code(
        "budgeting.spending_over_award",
        Kind.CONFLICT,
        "쓴 돈이 정해진 돈보다 많아집니다. 금액을 확인해 주세요.",
        "More would be spent than was awarded. Please check the amount.",
    )
    PAID_LATER = code(
        "budgeting.paid_in_the_future",
        Kind.INVALID,
        "쓴 날이 오늘보다 뒤입니다. 이미 쓴 돈만 적어 주세요.",
        "The day of payment is still to come. Please note only what was paid.",
    )
    TAKEN_BACK = code(
        "budgeting.spending_taken_back_already",
        Kind.CONFLICT,
        "이미 되돌렸거나 되돌릴 수 없는 지출입니다.",
        "This spending was taken back already, or cannot be.",
    )
    SPENDING = code(
        "budgeting.spending_in_part",
        Kind.INVALID,
        "쓴 돈에는 금액, 쓴 날, 어디에 썼는지, 문서 번호를 모두 적어 주세요.",
        "Spending needs its amount, day, purpose and document.",
    )
    MILESTONE = code(
        "budgeting.milestone",
        Kind.INVALID,
        "새 할 일에는 기한이나 마친 날을 적어 주세요.",
        "A new step needs its due day or the day it was done.",
    )

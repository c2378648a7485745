"""Refusals of the exchange."""

from __future__ import annotations

from dure.core.errors import Code, Kind, code


class ExchangeCode(Code):
    """What the exchange says no to."""

    STALE_STATE = code(
        "exchange.stale_state",
        Kind.CONFLICT,
        "그사이 상태가 바뀌었습니다. 지금 상태: %(state)s. 지금 할 수 있는 일: %(steps)s.",
        "The state changed meanwhile. Now: %(state)s. What can be done now: %(steps)s.",
    )
    NOT_YOUR_STEP = code(
        "exchange.not_your_step",
        Kind.FORBIDDEN,
        "이 일은 %(role)s의 일입니다. 그 사람에게 부탁해 주세요.",
        "This step belongs to: %(role)s. Please ask them.",
    )
    GUARD = code(
        "exchange.guard",
        Kind.CONFLICT,
        "아직 할 수 없습니다: %(why)s.",
        "Not yet possible: %(why)s.",
    )
    SAME_PERSON = code(
        "exchange.same_person",
        Kind.CONFLICT,
        "결과를 적은 사람이 스스로 확인할 수 없습니다. 다른 사람이 확인해 주세요.",
        "Who gave the result cannot confirm it. Please ask somebody else to confirm.",
    )
    BAD_ANSWER = code(
        "exchange.bad_answer",
        Kind.INVALID,
        "%(field)s 칸을 고쳐 주세요. 목록에 있는 값이나 정해진 꼴만 받습니다.",
        "Please correct %(field)s. Only values from its list or of its form are accepted.",
    )
    BAD_BARRIER = code(
        "exchange.bad_barrier",
        Kind.INVALID,
        "못 고친 까닭은 결과가 '수명이 다함'일 때만 적습니다. 결과나 까닭을 고쳐 주세요.",
        "A barrier belongs to the outcome “end of life” only. Please change one of them.",
    )
    POOL_NOT_OPEN = code(
        "exchange.pool_not_open",
        Kind.CONFLICT,
        "모임이 아직 시작되지 않았거나 취소되었습니다. 날짜를 확인해 주세요.",
        "The event has not begun or was cancelled. Please check its date.",
    )
    BAD_TIMES = code(
        "exchange.bad_times",
        Kind.INVALID,
        "끝나는 때는 시작보다 늦고 하루를 넘지 않아야 합니다.",
        "The end must come after the beginning, within one day.",
    )
    NOT_CORRECTABLE = code(
        "exchange.not_correctable",
        Kind.CONFLICT,
        "끝난 기록만 바로잡을 수 있습니다. 지금 상태: %(state)s.",
        "Only a finished record can be corrected. Now: %(state)s.",
    )
    NOT_REASSIGNED = code(
        "exchange.not_reassigned",
        Kind.CONFLICT,
        "맡길 수 없습니다: %(why)s.",
        "The role cannot be given: %(why)s.",
    )
    NOT_ORDS = code(
        "exchange.not_ords",
        Kind.INVALID,
        "수리 기록 파일(ORDS)이 아닙니다: %(problem)s. UTF-8 CSV와 제목 줄을 확인해 주세요.",
        "Not a repair file (ORDS): %(problem)s. Please check that it is UTF-8 CSV with header.",
    )
    NO_FACTORS = code(
        "exchange.no_factors",
        Kind.CONFLICT,
        "발자국 계수나 대체 비율이 없습니다. dure import factors로 먼저 올려 주세요.",
        "There are no footprints or no displacement. Load them by dure import factors first.",
    )
    NO_ACCOUNT = code(
        "exchange.no_account",
        Kind.CONFLICT,
        "%(role)s에게 %(unit)s 계정이 없습니다. 먼저 계정을 열어 주세요.",
        "The %(role)s has no account in %(unit)s. Please open one first.",
    )
    SLOT_TAKEN = code(
        "exchange.slot_taken",
        Kind.CONFLICT,
        "그때는 자리가 없습니다. 가까운 빈 때: %(free)s.",
        "There is no free place at that time. Next free: %(free)s.",
    )
    BAD_SLOT = code(
        "exchange.bad_slot",
        Kind.INVALID,
        "때를 고쳐 주세요. 끝은 시작보다 늦고, 지나지 않았고, 한 해를 넘지 않아야 합니다.",
        "Please correct the times: the end after the start, not in the past, within a year.",
    )
    NO_STOCK = code(
        "exchange.no_stock",
        Kind.CONFLICT,
        "남은 양이 모자랍니다. 양을 줄이거나 다른 것을 골라 주세요.",
        "There is not enough left. Please take less or choose something else.",
    )
    BAD_QUANTITY = code(
        "exchange.bad_quantity",
        Kind.INVALID,
        "이대로는 할 수 없습니다: %(why)s.",
        "This cannot be done so: %(why)s.",
    )
    HAND_OVER_INVALID = code(
        "exchange.hand_over_invalid",
        Kind.CONFLICT,
        "쓸 수 없는 건네기 코드입니다. 상대에게 새 코드를 보여 달라고 해 주세요.",
        "This hand-over code is not valid. Please ask the other side for a new one.",
    )
    NO_PICTURE = code(
        "exchange.no_picture",
        Kind.INVALID,
        "사진을 읽을 수 없습니다. 8 MB까지의 JPEG나 PNG 사진을 올려 주세요.",
        "The photo could not be read. Please upload a JPEG or PNG of at most 8 MB.",
    )
    TOO_MANY_PHOTOS = code(
        "exchange.too_many_photos",
        Kind.CONFLICT,
        "한 약속에는 사진을 %(count)s장까지 붙일 수 있습니다. 꼭 필요한 것만 올려 주세요.",
        "An agreement takes %(count)s photos at most. Please add only what is needed.",
    )
    TOO_MANY_DIGITS = code(
        "exchange.too_many_digits",
        Kind.TOO_MANY,
        "숫자를 여러 번 잘못 넣었습니다. 한 시간 뒤에 다시 하거나 코드를 찍어 주세요.",
        "Too many wrong digits. Try again in an hour, or scan the code.",
    )
    WAITS_FOR_OTHER = code(
        "exchange.waits_for_other",
        Kind.CONFLICT,
        "이미 확인했습니다. 상대의 확인을 기다려 주세요.",
        "You have confirmed already. Please wait for the other side.",
    )
    NOT_OFFERED = code(
        "exchange.not_offered",
        Kind.CONFLICT,
        "지금은 쓸 수 없습니다. 글이 닫혔거나 물건이 쉬는 중입니다. 다른 것을 골라 주세요.",
        "Not available now: the listing is closed or the thing rests. Please choose another.",
    )
    OWN_LISTING = code(
        "exchange.own_listing",
        Kind.CONFLICT,
        "자기 글이나 자기 물건에는 약속을 걸 수 없습니다. 다른 것을 골라 주세요.",
        "You cannot agree with yourself. Please choose another.",
    )
    NO_ORDERS_NOW = code(
        "exchange.no_orders_now",
        Kind.CONFLICT,
        "이 주문 회차는 지금 바꿀 수 없습니다. 마감되었거나 취소되었거나 이미 나누었습니다.",
        "This order cycle cannot be changed now: it is closed, cancelled or allotted already.",
    )
    BASKET_STALE = code(
        "exchange.basket_stale",
        Kind.CONFLICT,
        "그사이 물건이 바뀌었습니다: %(product)s. 바구니를 다시 담아 주세요.",
        "A product has changed meanwhile: %(product)s. Please fill the basket again.",
    )
    BAD_LINE = code(
        "exchange.bad_line",
        Kind.INVALID,
        "%(place)s번째 줄(%(name)s)을 고쳐 주세요: %(why)s",
        "Please correct line %(place)s (%(name)s): %(why)s",
    )
    BAD_START = code(
        "exchange.bad_start",
        Kind.INVALID,
        "이 절차를 시작하려면 %(field)s 칸이 필요합니다. 채워 주세요.",
        "To begin this process %(field)s is needed. Please fill it in.",
    )
    IN_USE = code(
        "exchange.in_use",
        Kind.CONFLICT,
        "아직 예약이나 맡아 둔 것이 있습니다. 그것이 끝난 뒤에 바꿔 주세요.",
        "It is still booked or reserved. Please change it when that is over.",
    )
    GIVEN_FREE = code(
        "exchange.given_free",
        Kind.INVALID,
        "물려주는 물건에는 아무것도 받지 않습니다. 주고받음을 '그냥 나눔'으로 두어 주세요.",
        "Nothing is taken for a thing that is given away. Please leave it as a gift.",
    )
    BAD_STOP = code(
        "exchange.bad_stop",
        Kind.INVALID,
        "타고 내릴 곳을 고쳐 주세요. 목록에 있는 곳을 고르고, 같은 곳은 한 번만 적습니다.",
        "Please correct the stops: choose them from the list, each place once.",
    )
    POINT_NOT_PUBLIC = code(
        "exchange.point_not_public",
        Kind.INVALID,
        "집이나 호수는 만나는 곳이 될 수 없습니다. 가까운 역, 도서관 같은 곳을 적어 주세요.",
        "A home is no meeting point. Please name a public place nearby: a station, a library.",
    )
    POINT_KNOWN = code(
        "exchange.point_known",
        Kind.CONFLICT,
        "이 자치구에 같은 이름의 만나는 곳이 있습니다. 그곳을 고치거나 다른 이름을 적어 주세요.",
        "The district has a point of this name. Correct that one, or choose another name.",
    )
    POINT_IN_USE = code(
        "exchange.point_in_use",
        Kind.CONFLICT,
        "아직 내릴 수 없습니다. 올 운행 %(trips)s대(마지막 %(last)s)와 찾는 글 %(wishes)s건이"
        " 여기를 씁니다. 먼저 더 고르지 않게 하고, 그것이 끝난 뒤에 내려 주세요.",
        "It is still in use: %(trips)s trips to come (the last on %(last)s) and %(wishes)s wishes."
        " Let nobody choose it any more first, and retire it when these are over.",
    )
    SHIFTED_TOO_FAR = code(
        "exchange.shifted_too_far",
        Kind.CONFLICT,
        "함께 타기로 한 이웃이 있어 %(minutes)s분까지만 옮길 수 있습니다. 더 옮기려면 그날은 쉬고"
        " 새로 내놓아 주세요.",
        "Somebody was promised a seat, so it moves by %(minutes)s minutes at most. For more, let"
        " the ride rest that day and offer it anew.",
    )
    RIDE_WORDS_OFTEN = code(
        "exchange.ride_words_often",
        Kind.TOO_MANY,
        "누구와 탈지를 새로 정하는 것은 %(days)s일에 %(most)s번까지입니다. 지금 정한 대로 두거나"
        " 나중에 다시 정해 주세요.",
        "Whom to ride with can be chosen anew %(most)s times in %(days)s days. Keep your choice,"
        " or choose again later.",
    )
    RIDE_WORDS_FIRST = code(
        "exchange.ride_words_first",
        Kind.CONFLICT,
        "누구와 탈지를 먼저 정한 뒤 자리를 부탁해 주세요.",
        "Please choose whom to ride with first, then ask for a seat.",
    )
    BAD_RHYTHM = code(
        "exchange.bad_rhythm",
        Kind.INVALID,
        "되풀이하는 날을 고쳐 주세요. 요일을 하나 이상 고르면 됩니다.",
        "Please correct the days on which it repeats: choose at least one.",
    )
    NOT_PAID_THEN = code(
        "exchange.not_paid_then",
        Kind.INVALID,
        "그때는 차 비용을 나눌 수 없습니다. 평일 출퇴근 때로 바꾸거나 그냥 태워 주세요.",
        "Cost cannot be shared at that time. Choose commuting hours of a weekday, or make it free.",
    )
    NOT_ON_THE_WAY = code(
        "exchange.not_on_the_way",
        Kind.CONFLICT,
        "이 차로는 함께 탈 수 없습니다: %(why)s. 다른 차를 찾아 주세요.",
        "This car does not go your way: %(why)s. Please look for another.",
    )
    ASKED_ALREADY = code(
        "exchange.asked_already",
        Kind.CONFLICT,
        "이 차에는 이미 부탁했습니다. 내 약속에서 살펴봐 주세요.",
        "You have asked for a seat in this car already. Please see your agreements.",
    )
    BAD_WEIGHTS = code(
        "exchange.bad_weights",
        Kind.CONFLICT,
        "이어 주는 규칙의 무게가 맞지 않습니다: %(why)s. 규칙표에서 고친 뒤 다시 해 주세요.",
        "The weights of matching are wrong: %(why)s. Correct them in the rulebook and try again.",
    )
    NOT_MATCHED = code(
        "exchange.not_matched",
        Kind.CONFLICT,
        "이 제안은 지나갔거나 이미 답했습니다. 지금 있는 제안을 다시 봐 주세요.",
        "This suggestion has passed or was answered. Please look at those that stand now.",
    )
    ROUND_OVER = code(
        "exchange.round_over",
        Kind.CONFLICT,
        "이 회차는 답을 받는 때가 지났습니다. 다음 회차를 기다려 주세요.",
        "This round takes no answers any more. Please wait for the next one.",
    )
    NOTHING_TO_DIVIDE = code(
        "exchange.nothing_to_divide",
        Kind.CONFLICT,
        "나누거나 주고받을 것이 없습니다. 글이나 신청이 더 모이면 다시 해 주세요.",
        "There is nothing to divide or to exchange. Please try again when there is more.",
    )
    NO_REVIEW = code(
        "exchange.no_review",
        Kind.CONFLICT,
        "이 약속에는 이 사람의 후기를 남길 수 없습니다. 끝난 약속에서 한 번, 기한 안에 남깁니다.",
        "This person cannot be reviewed here: once, after the end, and within its days.",
    )
    NO_CRATE = code(
        "exchange.no_crate",
        Kind.CONFLICT,
        "돌려받을 상자가 없습니다. 보증금이 없거나, 건네지 않았거나, 이미 돌아왔습니다.",
        "No crate is out: there is no deposit, it was not handed over, or it is back already.",
    )
    REVIEW_SETTLED = code(
        "exchange.review_settled",
        Kind.CONFLICT,
        "이미 답했거나 정해진 후기입니다. 화면을 새로 열어 주세요.",
        "This review was answered or settled already. Please reload the page.",
    )
    FAULT = code(
        "exchange.fault",
        Kind.CONFLICT,
        "저절로 옮기다가 두레의 잘못을 만났습니다. 기록이 있으니 관리자에게 알려 주세요.",
        "Time met a fault of Dure here. It is logged; please tell the operator.",
    )

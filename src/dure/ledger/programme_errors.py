"""Refusals of programmes, lots, schedules, requests, reconciling and clearing."""

from __future__ import annotations

from dure.core.errors import Code, Kind, code


class ProgrammeCode(Code):
    """What the rules above the books say no to."""

    RULE_UNSIGNED = code(
        "ledger.rule_unsigned",
        Kind.CONFLICT,
        "정하지 않은 규칙이 있어 열 수 없습니다: %(rules)s. 출처를 적고 두 사람이 정해 주세요.",
        "It cannot open while rules are not signed: %(rules)s. State a source; two people sign.",
    )
    RULE_UNKNOWN = code(
        "ledger.rule_unknown",
        Kind.INVALID,
        "이 사업의 규칙이 아니거나 값의 꼴이 다릅니다. 목록에서 골라 주세요.",
        "This is no rule of a programme, or its value has another form. Choose from the list.",
    )
    PROGRAMME_CLOSED = code(
        "ledger.programme_closed",
        Kind.CONFLICT,
        "열려 있는 사업이 아닙니다. 사업 쪽에서 기간을 확인해 주세요.",
        "The programme is not open. Please look at its dates.",
    )
    PROGRAMME_OPEN_VALUE = code(
        "ledger.programme_not_settled",
        Kind.CONFLICT,
        "남은 값이 있어 닫을 수 없습니다: %(left)s. 쓰거나 기한이 지나거나 돌려준 뒤에 닫습니다.",
        "It cannot close while value is open: %(left)s. It must be spent, expire or be paid back.",
    )
    ALREADY_JOINED = code(
        "ledger.already_joined",
        Kind.CONFLICT,
        "이미 들어온 사업입니다. 내 계정에서 볼 수 있습니다.",
        "You have joined already. See your accounts.",
    )
    SHOP_KNOWN = code(
        "ledger.shop_known",
        Kind.CONFLICT,
        "이미 등록한 가맹점입니다.",
        "This shop is registered already.",
    )
    SHOP_TOO_LARGE = code(
        "ledger.shop_too_large",
        Kind.CONFLICT,
        "한 해 매출이 가맹점 한도(%(most)s원)를 넘습니다. 등록할 수 없습니다.",
        "Its yearly sales are above the limit for shops (%(most)s won). It cannot be registered.",
    )
    NOT_A_SHOP = code(
        "ledger.not_a_shop",
        Kind.CONFLICT,
        "이 사업의 가맹점이 아닙니다. 사업을 여는 조직에 등록을 청해 주세요.",
        "This is no shop of the programme. Ask its organisation to register it.",
    )
    NOT_TRANSFERABLE = code(
        "ledger.not_transferable",
        Kind.CONFLICT,
        "이 단위는 보낼 수 없습니다.",
        "This unit cannot be sent.",
    )
    ISSUE_LIMIT = code(
        "ledger.issue_limit",
        Kind.CONFLICT,
        "발행 한도를 넘습니다. 더 낼 수 있는 값: %(left)s.",
        "This is above the issue limit. Left to issue: %(left)s.",
    )
    BAD_LIST = code(
        "ledger.bad_list",
        Kind.INVALID,
        "명단에 고칠 줄이 있습니다: %(rows)s. 고쳐서 다시 올려 주세요. 아무것도 바뀌지 않았습니다.",
        "Rows of the list need correcting: %(rows)s. Nothing was changed.",
    )
    LOT_OVER = code(
        "ledger.lot_over",
        Kind.CONFLICT,
        "이 묶음은 끝났거나 기간이 맞지 않습니다. 사업의 유효기간을 확인해 주세요.",
        "This lot is over, or its dates do not fit the programme's validity.",
    )
    NO_CASH = code(
        "ledger.no_cash",
        Kind.CONFLICT,
        "현금으로 돌려주는 규칙이 없는 사업입니다. 유효기간 안에 가맹점에서 써 주세요.",
        "This programme has no rule to pay cash back. Please spend the vouchers while they last.",
    )
    SPEND_FIRST = code(
        "ledger.spend_first",
        Kind.CONFLICT,
        "%(least)s원 이상을 가맹점에서 써야 남은 것을 돌려줍니다. 더 써야 하는 것: %(missing)s원.",
        "%(least)s won must be spent at shops first. Still to spend: %(missing)s won.",
    )
    NOTHING_TO_DO = code(
        "ledger.nothing_to_do",
        Kind.CONFLICT,
        "할 것이 없습니다. 이미 처리되었을 수 있습니다.",
        "There is nothing to do. It may have been done already.",
    )
    BAD_SCHEDULE = code(
        "ledger.bad_schedule",
        Kind.INVALID,
        "정기 이체의 날짜를 고쳐 주세요. 첫날은 오늘 이후이고 끝나는 날보다 늦지 않아야 합니다.",
        "Please correct the dates. The first day is today or later, and not after the last.",
    )
    ASK_NEW_CODE = code(
        "ledger.ask_new_code",
        Kind.CONFLICT,
        "쓸 수 없는 코드입니다. 새 코드를 보여 달라고 해 주세요.",
        "This code cannot be used. Please ask for a new code.",
    )
    TOO_MANY_CODES = code(
        "ledger.too_many_codes",
        Kind.TOO_MANY,
        "틀린 코드를 여러 번 넣었습니다. 한 시간 뒤에 다시 하거나 QR을 찍어 주세요.",
        "Too many wrong codes. Try again in an hour, or scan the QR.",
    )
    REQUEST_AMOUNT = code(
        "ledger.request_amount",
        Kind.INVALID,
        "금액이 요청과 다릅니다. 받을 수 있는 값: %(range)s.",
        "The amount differs from the request. Accepted: %(range)s.",
    )
    REQUEST_DONE = code(
        "ledger.request_done",
        Kind.CONFLICT,
        "이미 낸 요청이거나 취소된 요청입니다.",
        "This request is paid or cancelled already.",
    )
    NOT_A_STATEMENT = code(
        "ledger.not_a_statement",
        Kind.INVALID,
        "은행 거래 파일로 읽을 수 없습니다: %(problem)s.",
        "This cannot be read as a bank statement: %(problem)s.",
    )
    SAME_PERSON = code(
        "ledger.same_person",
        Kind.CONFLICT,
        "올린 사람이 스스로 확인할 수 없습니다. 다른 사람이 확인해 주세요.",
        "Who imported it cannot confirm it. Please ask another person.",
    )
    NOT_MATCHING = code(
        "ledger.not_matching",
        Kind.CONFLICT,
        "금액이 맞지 않거나 이미 짝이 있습니다. 남은 줄에서 골라 주세요.",
        "The amounts differ, or a line is matched already. Choose among the open lines.",
    )
    ROUND_OVER = code(
        "ledger.round_over",
        Kind.CONFLICT,
        "이 상계는 끝났습니다. 새로 제안해 주세요.",
        "This clearing round is over. Please propose a new one.",
    )
    CONSENT_MISSING = code(
        "ledger.consent_missing",
        Kind.CONFLICT,
        "동의한 요청만으로는 상계할 것이 없습니다. 동의를 기다려 주세요.",
        "Nothing can be cleared among those who agreed. Please wait for their consent.",
    )

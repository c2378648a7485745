"""Refusals of the ledger."""

from __future__ import annotations

from dure.core.errors import Code, Kind, code

from .programme_errors import ProgrammeCode


class LedgerCode(Code):
    """What the ledger says no to."""

    AMOUNT = code(
        "ledger.amount",
        Kind.INVALID,
        "수량을 고쳐 주세요. 받을 수 있는 값: %(range)s.",
        "Please correct the amount. Accepted: %(range)s.",
    )
    CROSS_UNIT = code(
        "ledger.cross_unit",
        Kind.INVALID,
        "두 계정의 단위가 다릅니다. 같은 단위의 계정을 골라 주세요.",
        "The two accounts count different units. Please choose accounts of one unit.",
    )
    CROSS_BOOK = code(
        "ledger.cross_book",
        Kind.INVALID,
        "두 계정이 다른 장부에 있습니다. 보내기 화면에서 받는 이름으로 보내 주세요.",
        "The two accounts are in different books. Please send by the payee's handle.",
    )
    SAME_ACCOUNT = code(
        "ledger.same_account",
        Kind.INVALID,
        "같은 계정으로는 보낼 수 없습니다. 다른 계정을 골라 주세요.",
        "An account cannot pay itself. Please choose another account.",
    )
    INSUFFICIENT = code(
        "ledger.insufficient",
        Kind.CONFLICT,
        "쓸 수 있는 잔액이 모자랍니다. 쓸 수 있는 잔액: %(spendable)s.",
        "There is not enough to spend. Spendable: %(spendable)s.",
    )
    SHORT = code(
        "ledger.short",
        Kind.CONFLICT,
        "내는 쪽의 잔액이 모자라 옮길 수 없습니다. 내는 사람에게 확인해 주세요.",
        "The paying account cannot cover this. Please ask the payer.",
    )
    OVER_CEILING = code(
        "ledger.over_ceiling",
        Kind.CONFLICT,
        "받는 계정의 상한을 넘습니다. 더 적게 보내거나 받는 쪽에 확인해 주세요.",
        "This exceeds the ceiling of the receiving account. Please send less or ask the payee.",
    )
    IN_ORDER = code(
        "ledger.in_order",
        Kind.CONFLICT,
        "이 순서로는 중간에 한도를 넘습니다. 들어오는 줄을 먼저 두세요.",
        "In this order a limit is crossed midway. Please put the incoming rows first.",
    )
    HOLD_EXPIRED = code(
        "ledger.hold_expired",
        Kind.CONFLICT,
        "보류가 만료되었습니다. 새로 보류해 주세요.",
        "The hold has expired. Please place a new one.",
    )
    HOLD_RUNS = code(
        "ledger.hold_runs",
        Kind.CONFLICT,
        "보류가 아직 만료되지 않았습니다. 지금 풀려면 취소해 주세요.",
        "The hold has not expired yet. Void it to release it now.",
    )
    ALREADY_RESOLVED = code(
        "ledger.already_resolved",
        Kind.CONFLICT,
        "이미 확정하거나 취소한 보류입니다. 거래 내역을 살펴봐 주세요.",
        "This hold is settled or released already. Please look at the history.",
    )
    ALREADY_REVERSED = code(
        "ledger.already_reversed",
        Kind.CONFLICT,
        "이미 되돌린 이체입니다. 거래 내역을 살펴봐 주세요.",
        "This transfer is reversed already. Please look at the history.",
    )
    REFUNDED = code(
        "ledger.refunded",
        Kind.CONFLICT,
        "일부를 환불한 이체는 되돌릴 수 없습니다. 나머지를 환불해 주세요.",
        "A partly refunded transfer cannot be reversed. Please refund the rest.",
    )
    ASKED_BACK_ALREADY = code(
        "ledger.asked_back_already",
        Kind.CONFLICT,
        "이미 되돌려 달라고 알렸습니다. 이레 뒤에 다시 알리거나 받은 쪽과 이야기해 주세요.",
        "The payee was asked already. Ask again after seven days, or talk to the payee.",
    )
    BAD_REF = code(
        "ledger.bad_ref",
        Kind.CONFLICT,
        "앞 이체와 맞지 않습니다. 앞 이체를 다시 골라 주세요.",
        "This does not fit the transfer it refers to. Please choose that transfer again.",
    )
    PERIOD_CLOSED = code(
        "ledger.period_closed",
        Kind.CONFLICT,
        "마감한 기간입니다. %(first_open)s부터의 날짜를 적어 주세요.",
        "That period is closed. Please give a date from %(first_open)s on.",
    )
    PERIOD_OPEN_LINES = code(
        "ledger.period_open_lines",
        Kind.CONFLICT,
        "맞추지 않은 명세 줄이 %(count)s건 있습니다. 맞추거나 까닭을 적고 따로 처리해 주세요.",
        "%(count)s statement lines are not matched. Please match or waive them with a reason.",
    )
    PERIOD_NOT_OVER = code(
        "ledger.period_not_over",
        Kind.CONFLICT,
        "아직 지나지 않은 날은 마감할 수 없습니다. %(last)s까지 고를 수 있습니다.",
        "Days that are not over cannot be closed. Choose a day up to %(last)s.",
    )
    FUTURE_DATE = code(
        "ledger.future_date",
        Kind.INVALID,
        "오늘보다 뒤의 날짜는 적을 수 없습니다. 오늘이나 그 앞의 날짜를 적어 주세요.",
        "A date after today is not accepted. Please give today or an earlier date.",
    )
    NOT_OPEN = code(
        "ledger.not_open",
        Kind.CONFLICT,
        "멈추었거나 닫힌 계정입니다. 장부 담당자에게 물어봐 주세요.",
        "The account is frozen or closed. Please ask the treasurer.",
    )
    NOT_EMPTY = code(
        "ledger.not_empty",
        Kind.CONFLICT,
        "잔액이나 보류가 남은 계정은 닫을 수 없습니다. 먼저 비워 주세요.",
        "An account with a balance or holds cannot be closed. Please empty it first.",
    )
    NOT_TRANSFERABLE = code(
        "ledger.not_transferable",
        Kind.CONFLICT,
        "재기만 하고 옮기지 않는 단위입니다. 계량 계정과만 주고받을 수 있습니다.",
        "This unit is measured and not passed on. Only meters and sinks may be used.",
    )
    NOT_PAYABLE = code(
        "ledger.not_payable",
        Kind.INVALID,
        "개인의 계정에서는 그 사람만 보낼 수 있습니다. 조직의 계정을 골라 주세요.",
        "Only its owner pays from a personal account. Please choose one of the organisation's.",
    )
    LIMIT = code(
        "ledger.limit",
        Kind.CONFLICT,
        "지금 잔액이나 보류에 맞지 않는 한도입니다. 한도를 다시 정해 주세요.",
        "The present balance or holds do not fit these limits. Please choose other limits.",
    )
    HANDLE_TAKEN = code(
        "ledger.handle_taken",
        Kind.CONFLICT,
        "이미 쓰는 받는 이름입니다. 다른 이름을 골라 주세요.",
        "That handle is taken. Please choose another.",
    )
    BOOK_NAME_TAKEN = code(
        "ledger.book_name_taken",
        Kind.CONFLICT,
        "이 조직에 같은 이름의 장부가 있습니다. 다른 이름을 골라 주세요.",
        "The organisation has a book of that name. Please choose another.",
    )
    KEY_TWICE = code(
        "ledger.key_twice",
        Kind.INVALID,
        "한 묶음에 같은 번호가 두 번 있습니다. 파일을 고쳐 주세요.",
        "A key stands twice in one batch. Please correct the file.",
    )
    BATCH = code(
        "ledger.batch",
        Kind.CONFLICT,
        "옮기지 않았습니다. 고칠 줄이 %(count)s건 있습니다.",
        "Nothing was posted. %(count)s rows must be corrected.",
    )
    BATCH_SIZE = code(
        "ledger.batch_size",
        Kind.INVALID,
        "한 번에 1건부터 1,000건까지 옮깁니다. 파일을 나누어 주세요.",
        "A batch has 1 to 1,000 rows. Please split the file.",
    )


# What the database raises, by the name of its constraint.
CONSTRAINTS: dict[str, Code] = {
    "transfer_amount_in_range": LedgerCode.AMOUNT,
    "transfer_between_two_accounts": LedgerCode.SAME_ACCOUNT,
    "ledger_amount": LedgerCode.AMOUNT,
    "ledger_cross_unit": LedgerCode.CROSS_UNIT,
    "ledger_cross_book": LedgerCode.CROSS_BOOK,
    "ledger_floor": LedgerCode.INSUFFICIENT,
    "account_floor": LedgerCode.INSUFFICIENT,
    "ledger_ceiling": LedgerCode.OVER_CEILING,
    "account_ceiling": LedgerCode.OVER_CEILING,
    "in_order": LedgerCode.IN_ORDER,
    "ledger_hold_expired": LedgerCode.HOLD_EXPIRED,
    "ledger_hold_runs": LedgerCode.HOLD_RUNS,
    "transfer_hold_ends_once": LedgerCode.ALREADY_RESOLVED,
    "transfer_reversed_once": LedgerCode.ALREADY_REVERSED,
    "ledger_already_reversed": LedgerCode.ALREADY_REVERSED,
    "ledger_refunded": LedgerCode.REFUNDED,
    "ledger_bad_ref": LedgerCode.BAD_REF,
    "ledger_period_closed": LedgerCode.PERIOD_CLOSED,
    "ledger_future_date": LedgerCode.FUTURE_DATE,
    "ledger_not_open": LedgerCode.NOT_OPEN,
    "account_is_empty_when_closed": LedgerCode.NOT_EMPTY,
    "ledger_not_transferable": LedgerCode.NOT_TRANSFERABLE,
    "ledger_limit": LedgerCode.LIMIT,
    "ledger_lot_over": ProgrammeCode.LOT_OVER,
    "account_handle_once": LedgerCode.HANDLE_TAKEN,
    "book_name_once": LedgerCode.BOOK_NAME_TAKEN,
}

"""Refusals of the journal."""

from __future__ import annotations

from dure.core.errors import Code, Kind, code


class JournalCode(Code):
    """What the journal says no to."""

    UNKNOWN_LABEL = code(
        "journal.unknown_label",
        Kind.INVALID,
        "%(day)s에 쓸 수 있는 라벨이 아닙니다: %(label)s. 가까운 라벨: %(nearest)s.",
        "Not a label in use on %(day)s: %(label)s. The nearest is %(nearest)s.",
    )
    BAD_QUANTITY = code(
        "journal.bad_quantity",
        Kind.INVALID,
        "수량은 0 이상의 정수여야 합니다(%(label)s, 단위 %(unit)s).",
        "A quantity is an integer of 0 or more (%(label)s, unit %(unit)s).",
    )
    BAD_TIME = code(
        "journal.bad_time",
        Kind.INVALID,
        "시간이 맞지 않습니다. 시작은 끝보다 늦을 수 없고, 끝은 지금보다 늦을 수 없습니다.",
        "The times do not fit: the beginning must not follow the end, nor the end follow now.",
    )
    BAD_DISTRICT = code(
        "journal.bad_district",
        Kind.INVALID,
        "등록된 자치구가 아닙니다: %(district)s. 자치구 부호를 확인해 주세요.",
        "Not a registered district: %(district)s. Please check its code.",
    )
    BAD_DIMENSION = code(
        "journal.bad_dimension",
        Kind.INVALID,
        "라벨 %(label)s의 구분 %(key)s에 없는 값입니다. 라벨 쪽의 목록에서 골라 주세요.",
        "Label %(label)s has no such value for %(key)s. Choose one from the label's list.",
    )
    LOW_EVIDENCE = code(
        "journal.low_evidence",
        Kind.INVALID,
        "라벨 %(label)s에는 증거 등급 %(floor)s 이상이 필요합니다.",
        "Label %(label)s needs evidence of class %(floor)s or better.",
    )
    NO_PROOF = code(
        "journal.no_proof",
        Kind.INVALID,
        "증거 등급 %(evidence)s에는 증빙이 필요합니다. 증빙이 없으면 A로 적어 주세요.",
        "Evidence of class %(evidence)s needs its proof. Without one, record class A.",
    )
    HALF_FACTOR = code(
        "journal.half_factor",
        Kind.INVALID,
        "계수와 온실가스 양은 함께 적거나 함께 비워 주세요.",
        "State the factor and the grams together, or neither.",
    )
    HALF_PAYMENT = code(
        "journal.half_payment",
        Kind.INVALID,
        "지급한 돈과 그 이체는 함께 적거나 함께 비워 주세요.",
        "State the won paid and the transfer that paid them together, or neither.",
    )
    BAD_PAYMENT = code(
        "journal.bad_payment",
        Kind.INVALID,
        "지급한 돈이 장부의 이체와 맞지 않습니다(%(label)s). 이체의 금액을 확인해 주세요.",
        "The won paid do not fit the transfer in the books (%(label)s). Please check its amount.",
    )
    NOT_CORRECTABLE = code(
        "journal.not_correctable",
        Kind.CONFLICT,
        "이 사건은 바로잡을 수 없습니다(%(why)s). 마지막 정정 사건에서 다시 해 주세요.",
        "This event cannot be corrected (%(why)s). Please correct its latest restatement.",
    )
    NO_KEY = code(
        "journal.no_party_key",
        Kind.INVALID,
        "사람의 가명 키를 만들 수 없습니다. 사람을 빼고 적어 주세요.",
        "No party key can be made for a person here. Please state the fact without the person.",
    )
    LABEL_EDITED = code(
        "journal.label_edited",
        Kind.CONFLICT,
        "라벨 %(label)s의 %(version)s판은 이미 있고 내용이 다릅니다. 새 판 번호를 쓰세요.",
        "Version %(version)s of %(label)s exists with other content. Give it a new version.",
    )
    BAD_FACTOR_FILE = code(
        "journal.bad_factor_file",
        Kind.INVALID,
        "계수 파일의 %(row)s번째 줄을 고쳐 주세요: %(field)s. 저장된 것은 없습니다.",
        "Please correct line %(row)s of the factor file: %(field)s. Nothing was stored.",
    )
    NOTHING_TO_SEAL = code(
        "journal.nothing_to_seal",
        Kind.CONFLICT,
        "새로 봉인할 사건이 없습니다. 사건이 적힌 뒤에 다시 해 주세요.",
        "There is no new event to seal. Try again after one is recorded.",
    )

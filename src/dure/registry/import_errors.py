"""Refusals of list imports."""

from __future__ import annotations

from dure.core.errors import Code, Kind, Refusal, code
from dure.core.text import T
from dure.engines.cells import Reason, SheetRefused


class ImportCode(Code):
    """What an import answers when it must say no."""

    FILE = code("registry.file_refused", Kind.INVALID, "%(why)s", "%(why)s")
    ENCODING = code("registry.encoding", Kind.INVALID, "%(why)s", "%(why)s")
    COLUMNS = code(
        "registry.import_columns",
        Kind.INVALID,
        "꼭 필요한 열이 없습니다: %(fields)s. 어느 열인지 골라 주세요.",
        "Required columns are missing: %(fields)s. Choose which columns they are.",
    )
    TWICE = code(
        "registry.import_columns_twice",
        Kind.INVALID,
        "같은 항목을 두 열에 골랐습니다: %(fields)s. 하나만 골라 주세요.",
        "Two columns are matched with one field: %(fields)s. Choose one of them.",
    )
    REJECTED = code(
        "registry.import_rejected",
        Kind.CONFLICT,
        "고쳐야 할 줄이 %(count)s개 있어 아무것도 저장하지 않았습니다. 고쳐서 다시 올려 주세요.",
        "%(count)s rows must be mended, so nothing was stored. Mend them and bring the file again.",
    )
    UNANSWERED = code(
        "registry.import_unanswered",
        Kind.CONFLICT,
        "아직 답하지 않은 물음이 있습니다: %(kinds)s. 저장할지 미룰지 골라 주세요.",
        "Some questions are not answered: %(kinds)s. Choose to store or to hold.",
    )
    NOTHING = code(
        "registry.import_nothing",
        Kind.INVALID,
        "제목 줄 아래에 자료가 없습니다. 파일을 확인해 주세요.",
        "There are no rows below the header. Check the file.",
    )
    EMPTIED = code(
        "registry.import_emptied",
        Kind.CONFLICT,
        "너무 오래되어 되돌릴 수 없는 명단입니다. 조직을 하나씩 고쳐 주세요.",
        "The list is too old to be undone. Correct the organisations one by one.",
    )
    AMBIGUOUS = code(
        "registry.import_encoding_ambiguous",
        Kind.INVALID,
        "UTF-8로도 CP949로도 읽히는 파일입니다. 글자 방식을 골라 다시 올려 주세요.",
        "The file reads as UTF-8 and as CP949. Choose the encoding and bring it again.",
    )


def refusal_of(refused: SheetRefused) -> Refusal:
    """The refusal of a file, with the cap or fault in both languages."""
    why = T(refused.sentence("ko"), refused.sentence("en"))
    found = ImportCode.ENCODING if refused.reason is Reason.ENCODING else ImportCode.FILE
    return Refusal(found, field="file", why=why)

"""What a Pabulib file is refused for, by line, and what is read leniently and told.

Nouns
    refusal : the first thing wrong; nothing of the file was handed out
    note    : a difference that changes no count, or a lenient reading that is documented
Law
    Every refusal has a line, or names the section or key that is missing.
Source
    Budgeting design, *Pabulib import and export*.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dure.engines.pb.election import Note

REFUSALS: Final[Mapping[str, tuple[str, str]]] = {
    "pabulib.too_big": (
        "파일이 한도(%(limit)s바이트)보다 큽니다.",
        "The file is larger than the limit of %(limit)s bytes.",
    ),
    "pabulib.too_many_rows": (
        "%(section)s 줄이 한도(%(limit)s)보다 많습니다.",
        "%(section)s has more than %(limit)s rows.",
    ),
    "pabulib.bad_gzip": (
        "압축을 풀 수 없습니다(gzip이 깨졌습니다).",
        "The file cannot be unpacked: the gzip data is broken.",
    ),
    "pabulib.not_utf8": (
        "UTF-8이 아닌 글자가 있습니다. UTF-8로 저장해 주세요.",
        "There are bytes that are not UTF-8. Save the file as UTF-8.",
    ),
    "pabulib.nul": ("0 문자(NUL)가 있습니다.", "There is a NUL character."),
    "pabulib.bad_csv": ("CSV로 읽을 수 없습니다: %(why)s.", "This is no CSV: %(why)s."),
    "pabulib.no_section": (
        "%(section)s 부분이 없습니다.",
        "The section %(section)s is missing.",
    ),
    "pabulib.section_twice": (
        "%(section)s 부분이 두 번 나옵니다.",
        "The section %(section)s stands twice.",
    ),
    "pabulib.before_sections": (
        "첫 줄은 META여야 합니다.",
        "A section word (META) must come first.",
    ),
    "pabulib.no_header": (
        "%(section)s 다음에 머리글 줄이 없습니다.",
        "The header line of %(section)s is missing.",
    ),
    "pabulib.no_column": (
        "%(section)s에 %(column)s 열이 없습니다.",
        "%(section)s has no column %(column)s.",
    ),
    "pabulib.column_twice": (
        "열 이름 %(column)s이(가) 두 번 나옵니다.",
        "The column %(column)s stands twice.",
    ),
    "pabulib.columns": (
        "칸이 %(found)s개입니다. 머리글은 %(wanted)s개입니다.",
        "The row has %(found)s cells, the header %(wanted)s.",
    ),
    "pabulib.line_break": (
        "표 줄 안에 줄바꿈이 있습니다(따옴표가 열린 채일 수 있습니다).",
        "A ballot holds a line break; a quotation mark may be open.",
    ),
    "pabulib.no_key": ("META에 %(key)s이(가) 없습니다.", "META has no %(key)s."),
    "pabulib.key_twice": (
        "META의 %(key)s이(가) 두 번 나옵니다.",
        "META has %(key)s twice.",
    ),
    "pabulib.vote_type": (
        "투표 방식 %(given)s은(는) 셀 수 없습니다.",
        "The vote type %(given)s cannot be counted.",
    ),
    "pabulib.amount_missing": (
        "%(column)s 값이 비었습니다.",
        "The %(column)s is empty.",
    ),
    "pabulib.amount_negative": (
        "%(column)s %(given)s은(는) 0보다 작습니다.",
        "The %(column)s %(given)s is below zero.",
    ),
    "pabulib.amount_exponent": (
        "%(column)s %(given)s: 지수 표기는 받지 않습니다. 숫자로 적어 주세요.",
        "The %(column)s %(given)s has an exponent. Write the digits.",
    ),
    "pabulib.amount_comma": (
        "%(column)s %(given)s: 쉼표가 소수점인지 천 단위인지 알 수 없습니다.",
        "The %(column)s %(given)s: the comma may be a decimal mark or part thousands.",
    ),
    "pabulib.amount": (
        "%(column)s %(given)s은(는) 수가 아닙니다.",
        "The %(column)s %(given)s is no number.",
    ),
    "pabulib.project_empty": ("사업 번호가 비었습니다.", "The project id is empty."),
    "pabulib.project_comma": (
        "사업 번호 %(given)s에 쉼표가 있어 표와 맞출 수 없습니다.",
        "The project id %(given)s holds a comma; votes could not name it.",
    ),
    "pabulib.project_twice": (
        "사업 번호 %(given)s이(가) 두 번 나옵니다.",
        "The project id %(given)s stands twice.",
    ),
    "pabulib.voter_empty": ("투표자 번호가 비었습니다.", "The voter id is empty."),
    "pabulib.voter_twice": (
        "투표자 번호 %(given)s이(가) 두 번 나옵니다.",
        "The voter id %(given)s stands twice.",
    ),
    "pabulib.vote_unknown": (
        "없는 사업 %(given)s에 투표했습니다.",
        "The vote names a project that is not listed: %(given)s.",
    ),
    "pabulib.vote_gap": (
        "표에 빈 사업 번호가 있습니다.",
        "The vote holds an empty project id.",
    ),
    "pabulib.choose_1": (
        "하나만 고르는 투표에 사업이 여럿 적혔습니다.",
        "A ballot to choose one names more than one project.",
    ),
    "pabulib.points_count": (
        "점수 %(found)s개가 사업 %(wanted)s개와 맞지 않습니다.",
        "%(found)s points stand beside %(wanted)s projects.",
    ),
    "pabulib.points": (
        "점수 %(given)s을(를) 읽을 수 없습니다.",
        "The points %(given)s cannot be read.",
    ),
    "pabulib.points_negative": (
        "나누어 주는 점수 %(given)s이(가) 0보다 작습니다.",
        "The points %(given)s of a cumulative ballot are below zero.",
    ),
    "pabulib.points_twice": (
        "한 사업 %(given)s에 서로 다른 점수를 두 번 주었습니다.",
        "One project, %(given)s, is given different points twice.",
    ),
    "pabulib.link_unknown": (
        "관계에 없는 사업 %(given)s이(가) 적혔습니다.",
        "A link names a project that is not listed: %(given)s.",
    ),
}
NOTES: Final[Mapping[str, tuple[str, str]]] = {
    "pabulib.bom": ("바이트 순서 표시(BOM)를 지나쳤습니다.", "A byte order mark was passed over."),
    "pabulib.comma": (
        "%(given)s의 쉼표를 소수점으로 읽었습니다.",
        "The comma in %(given)s was read as a decimal mark.",
    ),
    "pabulib.padding": (
        "줄 끝의 빈 칸 %(count)s개를 지나쳤습니다.",
        "%(count)s empty cells at the end of a row were passed over.",
    ),
    "pabulib.repeated": (
        "한 표에 두 번 적힌 사업을 한 번으로 셌습니다: 모두 %(count)s건, 첫째 %(given)s.",
        "A project named twice in one vote was counted once: %(count)s times, first %(given)s.",
    ),
    "pabulib.none_vote": (
        "none이라 적힌 표를 빈 표로 읽었습니다: 모두 %(count)s장.",
        "Votes with the word none were read as empty: %(count)s.",
    ),
    "pabulib.gaps": (
        "표의 빈 사업 번호를 지나쳤습니다: 모두 %(count)s건.",
        "Empty project ids in votes were passed over: %(count)s.",
    ),
    "pabulib.empty_votes": (
        "빈 표 %(count)s장도 전체 표수에 넣었습니다.",
        "%(count)s empty ballots count among all ballots.",
    ),
    "pabulib.count": (
        "%(key)s은(는) %(told)s이라 적혔지만 실제 줄은 %(found)s개입니다. 줄을 따릅니다.",
        "%(key)s says %(told)s, the rows are %(found)s. The rows rule.",
    ),
    "pabulib.votes_column": (
        "votes 열이 표와 다른 사업이 %(count)s개입니다. 첫째: %(given)s. 표를 따릅니다.",
        "The votes column differs for %(count)s projects, first %(given)s. The ballots rule.",
    ),
    "pabulib.selected": (
        "selected 값 %(given)s을(를) 읽을 수 없어 빈 값으로 두었습니다.",
        "The selected value %(given)s cannot be read and is left empty.",
    ),
    "pabulib.limit": (
        "%(key)s %(limit)s을(를) 어긴 표가 %(count)s장입니다. 그대로 셌습니다.",
        "%(count)s ballots break %(key)s %(limit)s. They were counted as they are.",
    ),
}


class PabulibError(ValueError):
    """A file that is refused: `line` (1 is the first; 0 when the file as a whole is meant), `code`
    and a sentence in both languages that names the line.
    """

    def __init__(self, code: str, line: int = 0, /, **fields: str) -> None:
        ko, en = REFUSALS[code]
        self.code = code
        self.line = line
        self.ko = (f"{line}번째 줄: " if line else "") + ko % fields
        self.en = (f"Line {line}: " if line else "") + en % fields
        self.fields = fields
        super().__init__(self.en)


def note(code: str, line: int = 0, /, **fields: str) -> Note:
    """Make a note in both languages.

    >>> note("pabulib.comma", 7, given="1,5").en
    'The comma in 1,5 was read as a decimal mark.'
    """
    ko, en = NOTES[code]
    return Note(line, code, ko % fields, en % fields)

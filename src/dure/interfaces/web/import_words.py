"""The words of list imports: steps, fields, verdicts and states."""

from __future__ import annotations

from dure.core.text import T

STEPS = (T("파일 고르기", "Choose a file"), T("열 맞추기", "Match columns"),
         T("줄마다 확인", "Check rows"), T("저장", "Store"))  # fmt: skip
LABELS = {
    "file": T("파일", "File"),
    "district": T("범위", "Scope"),
    "year": T("자료 연도", "Year of the data"),
    "encoding": T("글자 방식", "Encoding"),
    "sheet": T("시트", "Sheet"),
    "reason": T("이유", "Reason"),
}
ENCODINGS = (
    ("", T("저절로 알아내기", "Find out")),
    ("utf-8", T("UTF-8", "UTF-8")),
    ("cp949", T("CP949(엑셀 한글)", "CP949 (Korean Excel)")),
)
VERDICTS = {
    "": T("모두", "All"),
    "ok": T("괜찮음", "Fine"),
    "fix": T("이렇게 고쳐 저장", "Mended like this"),
    "warn": T("물어볼 것 있음", "To be asked"),
    "reject": T("거절", "Refused"),
}
AGAINST = {
    "": T("모두", "All"),
    "new": T("새로", "New"),
    "change": T("바뀜", "Changed"),
    "same": T("같음", "The same"),
}
KINDS = {"ok": "ok", "fix": "now", "warn": "wait", "reject": "stop"}
STATE_KINDS = {"opened": "draft", "judged": "wait", "refused": "stop", "applied": "ok"}
STATES = {
    "opened": T("열 맞추기", "match columns"),
    "judged": T("확인하기", "check rows"),
    "refused": T("거절됨", "refused"),
    "applied": T("저장됨", "stored"),
    "undone": T("되돌림", "undone"),
    "cancelled": T("취소됨", "cancelled"),
}

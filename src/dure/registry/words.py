"""The registry's codes in words, Korean and English."""

from __future__ import annotations

from collections.abc import Mapping

from dure.core.text import T

STATUSES: Mapping[str, T] = {
    "coop.consumer": T("소비자협동조합", "consumer co-operative"),
    "coop.producer": T("생산자협동조합", "producer co-operative"),
    "coop.worker": T("직원협동조합", "worker co-operative"),
    "coop.multi": T("다중이해관계자협동조합", "multi-stakeholder co-operative"),
    "coop.social": T("사회적협동조합", "social co-operative"),
    "se.certified": T("인증 사회적기업", "certified social enterprise"),
    "se.preliminary": T("예비사회적기업", "preliminary social enterprise"),
    "venture.social": T("소셜벤처", "social venture"),
    "village": T("마을기업", "village enterprise"),
    "selfsupport": T("자활기업", "self-support enterprise"),
    "land_trust": T("토지신탁", "community land trust"),
    "platform_coop": T("플랫폼협동조합", "platform co-operative"),
    "data_coop": T("데이터협동조합", "data co-operative"),
    "federation": T("연합회", "federation"),
    "anchor": T("앵커기관", "anchor institution"),
    "buyer": T("공공 구매기관", "public buyer"),
    "school": T("학교", "school"),
    "support_centre": T("지원센터", "support centre"),
}
FORMS: Mapping[str, T] = {
    "corporation": T("법인", "legal person"),
    "association": T("임의단체", "association"),
    "sole_trader": T("개인사업자", "sole trader"),
    "public_body": T("공공기관", "public body"),
}
STATES: Mapping[str, T] = {
    "operating": T("운영중", "operating"),
    "preparing": T("준비중", "preparing"),
    "paused": T("휴업", "paused"),
    "closed": T("폐업", "closed"),
}
STATE_KINDS = {"operating": "ok", "preparing": "now", "paused": "wait", "closed": "stop"}
YEAR_KINDS: Mapping[str, T] = {
    "sales": T("매출", "sales"),
    "heads": T("고용 인원", "people employed"),
    "fte_minutes": T("한 달 노동시간", "working time a month"),
    "members": T("조합원 수", "members"),
    "capital": T("출자금", "paid-in capital"),
}
CLASSES: Mapping[str, T] = {
    "A": T("스스로 말함", "stated"),
    "B": T("상대가 확인함", "confirmed by the other party"),
    "C": T("발급 기관 서류로 확인함", "confirmed by the issuer's paper"),
}
FIELDS: Mapping[str, T] = {
    "name": T("이름", "name"),
    "name_en": T("영문 이름", "English name"),
    "address": T("주소", "address"),
    "phone": T("전화", "phone"),
    "mail": T("전자우편", "mail"),
    "web": T("누리집", "website"),
    "founded_on": T("설립일", "founding day"),
    "ended_on": T("폐업일", "closing day"),
    "district": T("자치구", "district"),
    "form": T("법적 형태", "legal form"),
    "status": T("자격", "status"),
    "state": T("상태", "state"),
    "biz_number": T("사업자등록번호", "business number"),
    "corp_number": T("법인등록번호", "corporate number"),
}
EDITABLE = ("name", "name_en", "address", "phone", "mail", "web", "founded_on")
EDIT_STATES: Mapping[str, T] = {
    "proposed": T("검토 기다림", "waiting for review"),
    "accepted": T("반영함", "accepted"),
    "declined": T("반영하지 않음", "declined"),
    "withdrawn": T("거둠", "withdrawn"),
    "stale": T("그사이 바뀜", "changed meanwhile"),
}
MERGE_STATES: Mapping[str, T] = {
    "proposed": T("승인 기다림", "waiting for approval"),
    "approved": T("합침", "merged"),
    "declined": T("합치지 않음", "not merged"),
    "undone": T("되돌림", "undone"),
}
MEMBER_CLASSES: Mapping[str, T] = {
    "consumer": T("소비자 조합원", "consumer member"),
    "producer": T("생산자 조합원", "producer member"),
    "worker": T("직원 조합원", "worker member"),
    "supporter": T("후원자 조합원", "supporting member"),
    "preferred": T("우선출자자", "preferred shareholder"),
    "federated": T("회원 조직", "member organisation"),
}
ROLES: Mapping[str, T] = {
    "staff": T("실무자", "staff"),
    "treasurer": T("회계 담당", "treasurer"),
    "approver": T("승인 담당", "approver"),
    "board": T("이사", "board member"),
    "auditor": T("감사", "auditor"),
    "ethics": T("윤리위원", "ethics committee"),
    "official": T("공무원", "official"),
    "analyst": T("분석가", "analyst"),
    "vault": T("금고 담당", "vault officer"),
    "operator": T("운영자", "operator"),
    "contact": T("연락 담당", "contact"),
    "acts_for": T("대신하는 사람", "acting for somebody"),
}
ORIGINS: Mapping[str, T] = {
    "elected": T("선출", "elected"),
    "by_election": T("보궐 선출", "by-election"),
    "ex_officio": T("당연직", "ex officio"),
    "appointed": T("임명", "appointed"),
    "acting": T("직무 대행", "acting"),
}
DEEDS: Mapping[str, T] = {
    "registry.organisation.register": T("등록했습니다", "Registered"),
    "registry.organisation.rename": T("이름을 바꿨습니다", "Renamed"),
    "registry.organisation.move": T("본점을 옮겼습니다", "Moved the head office"),
    "registry.organisation.close": T("폐업을 적었습니다", "Recorded the closing"),
    "registry.organisation.propose": T("수정을 제안했습니다", "Proposed a correction"),
    "registry.organisation.review": T("수정 제안을 검토했습니다", "Reviewed a correction"),
    "registry.organisation.withdraw": T("수정 제안을 거뒀습니다", "Withdrew a correction"),
    "registry.status.set": T("자격을 적었습니다", "Stated a status"),
    "registry.status.end": T("자격이 끝난 날을 적었습니다", "Recorded the end of a status"),
    "registry.status.confirm": T("자격을 서류로 확인했습니다", "Confirmed a status by paper"),
    "registry.year.state": T("한 해 값을 적었습니다", "Stated a yearly value"),
    "registry.year.correct": T("한 해 값을 바로잡았습니다", "Corrected a yearly value"),
    "registry.merge.propose": T("합치기를 제안했습니다", "Proposed a merge"),
    "registry.merge.approve": T("합치기에 답했습니다", "Answered a merge"),
    "registry.merge.undo": T("합친 것을 되돌렸습니다", "Undid a merge"),
    "registry.membership.apply": T("조합원 신청이 들어왔습니다", "An application arrived"),
    "registry.membership.admit": T("조합원 신청에 답했습니다", "Answered an application"),
    "registry.membership.leave": T("조합원 자격을 마쳤습니다", "A membership ended"),
    "registry.mandate.give": T("직책을 줬습니다", "Gave a mandate"),
    "registry.mandate.seed": T("첫 직책을 줬습니다", "Gave a first mandate"),
    "registry.mandate.end": T("직책을 끝냈습니다", "Ended a mandate"),
    "registry.centre.set": T("지원센터로 정했습니다", "Made it the support centre"),
    "registry.import.apply": T("명단에서 들였습니다", "Imported from a list"),
}


def word(words: Mapping[str, T], code: str | None) -> str:
    """A code in the active language; the code itself where there is no word for it."""
    found = words.get(code or "")
    return str(found) if found is not None else (code or "–")


def options(words: Mapping[str, T]) -> list[tuple[str, str]]:
    """Codes and words for a select field."""
    return [(code, str(text)) for code, text in words.items()]

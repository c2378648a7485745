"""Words for people: states, phases, reasons, ballots, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from dure.core.text import T

STATES: Mapping[str, T] = {
    "draft": T("준비 중", "In preparation"),
    "open": T("제안 받는 중", "Taking proposals"),
    "reviewing": T("검토 중", "Under review"),
    "listed": T("사업 목록 공개", "Projects listed"),
    "frozen": T("규칙 고정", "Rules frozen"),
    "voting": T("투표 중", "Voting"),
    "counting": T("개표 중", "Counting"),
    "published": T("결과 공개", "Result published"),
    "following": T("실행 중", "Being carried out"),
    "closed": T("끝남", "Finished"),
    "void": T("취소됨", "Cancelled"),
}
PHASES: Mapping[str, T] = {
    "proposing": T("제안", "Proposals"),
    "reviewing": T("검토", "Review"),
    "listing": T("목록 공개", "Listing"),
    "voting": T("투표", "Vote"),
    "counting": T("개표", "Count"),
    "following": T("실행", "Follow-up"),
}
PROPOSAL_STATES: Mapping[str, T] = {
    "sent": T("받았어요", "Received"),
    "returned": T("고쳐 달라고 돌려보냄", "Sent back to be changed"),
    "accepted": T("받아들임", "Accepted"),
    "merged": T("다른 제안과 합쳐짐", "Merged into another"),
    "withdrawn": T("제안자가 거둠", "Withdrawn by its author"),
    "rejected": T("부적격", "Not eligible"),
    "project": T("투표할 사업이 됨", "On the ballot"),
}
BALLOTS: Mapping[str, T] = {
    "approval": T("여러 개 고르기", "Choose several"),
    "choose-1": T("하나 고르기", "Choose one"),
    "cumulative": T("점수 나누기", "Share out points"),
    "ordinal": T("순위 매기기", "Rank"),
    "knapsack": T("금액 안에서 고르기", "Choose within the money"),
}
REVIEWS: Mapping[str, T] = {
    "legality": T("적법성", "Legality"),
    "feasibility": T("실현 가능성", "Feasibility"),
    "cost": T("비용", "Cost"),
}
VERDICTS: Mapping[str, T] = {
    "fit": T("적합", "Fit"),
    "conditional": T("조건부 적합", "Fit with a condition"),
    "unfit": T("부적합", "Unfit"),
}
REVIEW_REASONS: Mapping[str, T] = {
    "fits": T("문제 없음", "Nothing stands against it"),
    "council": T("의회가 정할 일", "For the council to decide"),
    "not_ours": T("구의 일이 아님", "Not the district's business"),
    "already_running": T("이미 하고 있음", "Already being done"),
    "private_land": T("개인 땅·건물", "Private land or building"),
    "law": T("법에 어긋남", "Against a law"),
    "safety": T("안전 문제", "Unsafe"),
    "technical": T("기술로 어려움", "Technically not possible"),
    "upkeep": T("관리할 곳이 없음", "Nobody to keep it up"),
    "too_dear": T("재원보다 비쌈", "Dearer than the money"),
    "investment_review": T("투자심사 재검토·부적정", "Refused by the investment review"),
    "other": T("그 밖", "Other"),
}
MODERATED: Mapping[str, T] = {
    "personal": T("개인정보가 있음", "Personal data"),
    "insult": T("욕설·비방", "Insult"),
    "hate": T("차별·혐오", "Discrimination or hatred"),
    "advert": T("광고", "Advertising"),
    "rights": T("저작권·초상권", "Copyright or likeness"),
    "off_topic": T("공모와 무관", "Not about the round"),
    "repeated": T("같은 글 되풀이", "Repeated over and over"),
    "illegal": T("법에 어긋남", "Against a law"),
}
RESTORED: Mapping[str, T] = {
    "mended": T("고쳐져서 문제가 없어짐", "Mended; nothing stands against it"),
    "mistaken": T("잘못 가렸음", "Hidden by mistake"),
    "granted": T("이의를 받아들임", "The appeal was granted"),
}
TARGETS: Mapping[str, T] = {
    "proposal": T("제안 글", "Text of the proposal"),
    "comment": T("댓글", "Comment"),
    "photo": T("사진", "Photo"),
}
DELAYS: Mapping[str, T] = {
    "permit": T("허가나 절차가 길어짐", "Permits or procedure"),
    "land": T("땅이나 건물", "Land or building"),
    "design": T("설계를 고침", "The design is changed"),
    "contract": T("계약이나 업체", "Contract or contractor"),
    "supply": T("자재가 늦음", "Late supplies"),
    "weather": T("날씨나 재해", "Weather or disaster"),
    "residents": T("주민과 협의 중", "Talks with residents"),
    "carry_over": T("예산을 다음 해로 넘김(지방재정법 50조)", "Budget carried over to next year"),
    "other": T("그 밖", "Other"),
}
AMOUNTS: Mapping[str, T] = {
    "price": T("값이 오르거나 내림", "Prices rose or fell"),
    "scope": T("하는 일이 늘거나 줆", "More or less is done"),
    "bid": T("입찰 결과", "Outcome of the tender"),
    "other": T("그 밖", "Other"),
}
ENDS: Mapping[str, T] = {
    "land": T("땅이나 건물을 쓸 수 없음", "Land or building not available"),
    "law": T("법이나 허가", "Law or permit"),
    "cost": T("비용이 늘어남", "The cost grew"),
    "duplicate": T("다른 사업과 겹침", "Done by another project"),
    "other": T("그 밖", "Other"),
}
GROUNDS: Mapping[str, T] = {
    "home": T("사는", "live"),
    "works_in": T("일하는", "work"),
    "studies_in": T("다니며 배우는", "study"),
}
RULES: Mapping[str, T] = {
    "greedy": T("다득표 순", "Most votes first"),
    "greedy-no-skip": T("다득표 순(건너뛰지 않음)", "Most votes first, no skipping"),
    "greedy-threshold": T("다득표 순(최저 표수)", "Most votes first, with a threshold"),
    "density": T("비용에 견준 표 순", "Most votes by cost first"),
    "mes": T("균등지분법", "Method of Equal Shares"),
    "phragmen": T("순차 프라그멘", "Sequential Phragmén"),
    "scores": T("점수 섞기", "Weighted scores"),
}
TIES: Mapping[str, T] = {
    "max_votes": T("표가 많은 쪽", "more votes"),
    "min_cost": T("비용이 적은 쪽", "lower cost"),
    "max_cost": T("비용이 많은 쪽", "higher cost"),
    "earliest_received": T("먼저 낸 쪽", "earlier received"),
    "list": T("정해 둔 차례", "a stated order"),
    "lot": T("추첨", "lot"),
    "id": T("사업 번호 순", "project code"),
}

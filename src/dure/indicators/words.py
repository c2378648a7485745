"""Words of indicators in both languages: headings, units, states, reasons, checks."""

from __future__ import annotations

from dure.core.text import T

HEADINGS = {
    "economy": T("경제", "Economy"),
    "society": T("사회", "Society"),
    "environment": T("환경", "Environment"),
    "governance": T("거버넌스", "Governance"),
    "seoul": T("서울", "Seoul"),
}
UNITS = {
    "percent": T("%", "%"),
    "permille": T("명(1,000명당)", "per 1,000"),
    "count": T("건", "items"),
    "organisations": T("곳", "organisations"),
    "heads": T("명", "people"),
    "fte": T("명(전일제 환산)", "FTE"),
    "won": T("원", "won"),
    "minutes": T("시간", "hours"),
    "gco2e": T("kg CO2e", "kg CO2e"),
    "wh": T("kWh", "kWh"),
    "litre": T("L", "L"),
    "days": T("일", "days"),
    "times": T("배", "times"),
    "index": T("지수(0~1)", "index (0–1)"),
}
STATES = {
    "drafted": T("초안", "draft"),
    "computed": T("계산됨", "computed"),
    "checked": T("검사 통과", "checks passed"),
    "blocked": T("막힘", "blocked"),
    "approved": T("승인됨", "approved"),
    "frozen": T("공표됨", "published"),
    "superseded": T("새 차수가 있음", "superseded"),
}
VINTAGES = {
    "1": T("1차(첫 공표)", "vintage 1 (first)"),
    "2": T("2차(수정)", "vintage 2 (revised)"),
    "F": T("최종", "final vintage"),
}
REASONS = {
    "no_report": T("신고한 조직이 적음", "too few organisations reported"),
    "no_factor": T("계수 없음", "no factor"),
    "late_source": T("원자료가 늦음", "source is late"),
    "not_collected": T("아직 재지 않습니다", "not yet measured"),
    "budget_spent": T("사생활 예산을 다 씀", "privacy budget spent"),
}
AGGREGATIONS = {
    "sum": T("더하기", "sum"),
    "ratio": T("합의 비율(비율의 평균이 아님)", "ratio of sums (not a mean of ratios)"),
    "stock": T("기간 마지막 날의 상태", "state on the last day of the period"),
    "quantile": T("분위수", "quantile"),
}
CLASSES = {
    "A": T("A — 조직, 공개", "A — organisations, public"),
    "B": T("B — 조직, 민감", "B — organisations, sensitive"),
    "C": T("C — 사람", "C — persons"),
}
CHECKS = {
    "bundle_verifies": T(
        "묶음이 공개 검증기를 통과합니다(다시 계산 포함).",
        "The bundle passes the public verifier, recomputation included.",
    ),
    "nothing_shrank": T(
        "지난 공표 때 읽은 사건이 하나도 사라지지 않았습니다.",
        "No event that the last release read has vanished.",
    ),
    "small_groups_are_hidden": T(
        "적은 수의 조직에 기댄 숫자는 보이지 않습니다.",
        "No number rests on too few organisations.",
    ),
    "sensitive_at_city_only": T(
        "민감한 숫자(B·C)는 시 전체로만 보입니다.",
        "Sensitive numbers (B, C) are shown for the city alone.",
    ),
    "made_up_data_says_so": T(
        "지어낸 자료를 쓴 공표본은 그렇게 적혀 있습니다.",
        "A release that uses made-up data says so.",
    ),
}
OUTCOMES = {
    "fixed": T("고침", "Fixed"),
    "repairable": T("고칠 수 있음", "Repairable"),
    "end_of_life": T("수명 다함", "End of life"),
    "unknown": T("모름", "Unknown"),
}
ORIGINS = {
    "here": T("이 지역의 기록", "recorded here"),
    "partner_korea": T("국내 협력처의 기록", "partners in Korea"),
    "partner_abroad": T("해외 협력처의 기록", "partners abroad"),
}

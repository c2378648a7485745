"""A call's ballot, rule, tie chain and roll in one sentence each."""

from __future__ import annotations

from typing import Any

from dure.budgeting.models import Call
from dure.budgeting.words import BALLOTS, GROUNDS, RULES, TIES
from dure.core.text import T


def ballot_sentence(call: Call) -> T:
    """How people vote, in one sentence."""
    name = BALLOTS[call.ballot_kind]
    ko, en = [name.ko], [name.en]
    if call.ballot_kind != "choose-1" and call.marks_max:
        ko.append(f"{call.marks_min}개에서 {call.marks_max}개까지")
        en.append(f"{call.marks_min} to {call.marks_max} projects")
    if call.points_sum:
        ko.append(f"모두 {call.points_sum}점, 한 사업에 {call.points_max}점까지")
        en.append(f"{call.points_sum} points in all, at most {call.points_max} for one project")
    if call.spend_max_won:
        ko.append(f"고른 사업의 비용을 더해 {call.spend_max_won:,}원까지")
        en.append(f"projects that cost at most {call.spend_max_won:,} won together")
    return T(": ".join((ko[0], ", ".join(ko[1:]))) if ko[1:] else ko[0],
             ": ".join((en[0], ", ".join(en[1:]))) if en[1:] else en[0])  # fmt: skip


def rule_sentence(rule: dict[str, Any]) -> T:  # Any: a stored rule
    """How votes become winners, in one sentence."""
    name = RULES[rule["name"]]
    more_ko, more_en = [], []
    satisfaction = {
        "cost": T("비용 기준", "by cost"),
        "cardinality": T("개수 기준", "by number of projects"),
        "points": T("점수 기준", "by points"),
        "borda": T("순위 기준", "by ranks"),
    }.get(rule.get("satisfaction") or "")
    if satisfaction is not None:
        more_ko.append(satisfaction.ko)
        more_en.append(satisfaction.en)
    if rule.get("completion") == "add1":
        more_ko.append(f"남은 돈은 한 표당 {rule['step_won']:,}원씩 늘려 다시 셈")
        more_en.append(f"what is left is used by adding {rule['step_won']:,} won per ballot")
    elif rule.get("completion") == "utilitarian":
        more_ko.append("남은 돈은 다득표 순으로")
        more_en.append("what is left goes by most votes")
    if rule.get("threshold_share_ppm") is not None:
        percent = f"{rule['threshold_share_ppm'] / 10_000:g}"
        more_ko.append(f"표의 {percent}% 이상만")
        more_en.append(f"from {percent}% of the ballots on")
    if rule.get("threshold") is not None:
        more_ko.append(f"{rule['threshold']:,}표 이상만")
        more_en.append(f"from {rule['threshold']:,} votes on")
    if not more_ko:
        return name
    return T(f"{name.ko} ({', '.join(more_ko)})", f"{name.en} ({', '.join(more_en)})")


def ties_sentence(rule: dict[str, Any]) -> T:  # Any: a stored rule
    """What decides between equals, in order."""
    steps = [TIES[step] for step in rule["ties"]]
    return T(" → ".join(s.ko for s in steps), " → ".join(s.en for s in steps))


def roll_sentence(rule: dict[str, Any]) -> T:  # Any: a stored rule of a roll
    """Who may vote, in one sentence."""
    if rule.get("basis") == "members":
        ko, en = ["조합원"], ["members"]
    else:
        grounds = [GROUNDS[one] for one in rule.get("grounds") or ("home",)]
        ko = ["·".join(one.ko for one in grounds) + " 사람"]
        en = ["people who " + ", ".join(one.en for one in grounds)]
        ko[0] = ("행정동 " + rule["dong"] if rule.get("dong") else "자치구") + "에 " + ko[0]
        en[0] += " in dong " + rule["dong"] if rule.get("dong") else " in the district"
    if rule.get("days_min"):
        ko.append(f"{rule['days_min']}일 이상 그러한 사람")
        en.append(f"for at least {rule['days_min']} days")
    if rule.get("age_min") is not None:
        ko.append(f"만 {rule['age_min']}세 이상")
        en.append(f"aged {rule['age_min']} or over")
        if rule.get("age_unknown", "take") == "take":
            ko.append("나이를 보인 적 없는 사람도 넣음")
            en.append("people whose age was never shown are taken")
        else:
            ko.append("나이를 보인 적 없는 사람은 뺌")
            en.append("people whose age was never shown are left out")
    return T(", ".join(ko), ", ".join(en))

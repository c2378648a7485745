"""Forms of the desk of rounds: what stands in them, and how they become bodies of actions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest, QueryDict

from dure.budgeting.queries.calls import CallView
from dure.budgeting.words import BALLOTS, PHASES, RULES, TIES
from dure.core import clock
from dure.core.text import T
from dure.interfaces.web.base import body_of

ORDER = ("proposing", "reviewing", "listing", "voting", "counting")
BLANK_ROWS = 2
ROWS_MAX = 60
MINUTE = "%Y-%m-%dT%H:%M"
TIE_CHAINS = (
    ("min_cost", "earliest_received", "lot"),
    ("max_votes", "min_cost", "lot"),
    ("max_votes", "earliest_received", "lot"),
    ("lot",),
)
SATISFACTIONS = {
    "cost": T("비용", "by cost"),
    "cardinality": T("사업 수", "by number of projects"),
    "points": T("점수", "by points"),
    "borda": T("순위", "by ranks"),
}
COMPLETIONS = {
    "none": T("채우지 않음", "Leave it"),
    "add1": T("한 표당 돈을 늘려 다시 셈", "Add money per ballot and count again"),
    "utilitarian": T("다득표 순", "By most votes"),
}
LEFTOVERS = {
    "keep": T("남겨 둠", "Kept"),
    "to_city": T("전체 재원으로 넘김", "Passed to the whole"),
}
MORE = {
    "may_revote": T("마감까지 표를 바꿀 수 있음", "A vote may be changed until the close"),
    "paper_allowed": T("종이 투표를 받음", "Paper ballots are taken"),
}
STARTS = {
    "floor": T("재원 ÷ 표 수, 원 아래 버림", "Money ÷ ballots, cut to whole won"),
    "exact": T("재원 ÷ 표 수 그대로", "Money ÷ ballots, exact"),
}
STOPS = {
    "exhaustive": T("더 살 수 있는 사업이 없을 때까지", "Until nothing more fits"),
    "overspend": T("재원을 넘기 바로 앞까지", "Until just before the money is passed"),
}
GROUND_CHOICES = {
    "home": T("자치구에 사는 사람", "People who live in the district"),
    "works_in": T("자치구에서 일하는 사람", "People who work there"),
    "studies_in": T("자치구에서 학교에 다니는 사람", "People who study there"),
}
UNKNOWN_AGE = {
    "take": T("넣는다", "Taken"),
    "leave": T("뺀다", "Left out"),
}
LINKS = {
    "links_allowed": T("함께라야 하거나 함께일 수 없는 사업을 이을 수 있음",
                       "Projects may need or exclude each other"),
}  # fmt: skip
PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,4}))?")
LABELS = {
    "place": T("어디에서", "Where"),
    "district": T("자치구", "District"),
    "title": T("공모 이름", "Name of the round"),
    "title_en": T("영문 이름", "English name"),
    "about": T("소개", "About"),
    "about_en": T("영문 소개", "About, in English"),
    "year": T("예산 연도", "Budget year"),
    "template": T("틀", "Template"),
    "phases": T("일정", "Dates"),
    "envelopes": T("재원", "Money"),
    "fields": T("분야", "Fields"),
    "ballot": T("투표 방법", "Ballot"),
    "rule": T("뽑는 규칙", "Rule"),
    "reason": T("이유", "Reason"),
    "seed_public_source": T("공개 값의 출처", "Source of the public value"),
    "roll_rule": T("투표할 수 있는 사람", "Who may vote"),
    "silent_days": T("보고 없이 지나는 날", "Days of silence"),
    "as_of": T("기준일", "Day of the roll"),
    "objection_days": T("열람 기간", "Days for objections"),
    "public_value": T("공개 값", "Public value"),
    "text": T("내용", "Text"),
}


def number(text: str) -> object:
    """A whole number where the text is one, else the text: the door says what is wrong."""
    plain = text.replace(",", "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 19 else text


def numbers_of(request: HttpRequest, *names: str) -> dict[str, object]:
    """Named fields that hold whole numbers; blank ones are left out."""
    typed = {name: request.POST.get(name, "").strip() for name in names}
    return {name: number(text) for name, text in typed.items() if text}


def options(words: dict[str, T] | Iterable[tuple[str, T]]) -> list[tuple[str, str]]:
    """Choices of a field in the language of the page."""
    pairs = words.items() if isinstance(words, dict) else words
    return [(code, str(text)) for code, text in pairs]


def when(text: str) -> str:
    """A time as a form gives it, in Seoul's time; anything else stays as it is."""
    try:
        return datetime.strptime(text, MINUTE).replace(tzinfo=clock.SEOUL).isoformat()
    except ValueError:
        return text


def phases_of(sent: QueryDict) -> tuple[dict[str, str], ...]:
    """The phases that were typed: each with its beginning and end."""
    found = []
    for kind in ORDER:
        begins, ends = (sent.get(f"{kind}_{side}", "").strip() for side in ("begins", "ends"))
        if begins or ends:
            found.append({"kind": kind, "begins": when(begins), "ends": when(ends)})
    return tuple(found)


def date_rows(one: CallView | None, sent: QueryDict) -> list[dict[str, str]]:
    """Each phase with its present dates, or with what was typed."""
    dates = {phase.kind: phase for phase in one.phases} if one else {}
    rows = []
    for kind in ORDER:
        row = {"kind": kind, "text": str(PHASES[kind])}
        for side in ("begins", "ends"):
            held = getattr(dates.get(kind), side, None)
            shown = held.astimezone(clock.SEOUL).strftime(MINUTE) if held else ""
            row[side] = sent.get(f"{kind}_{side}", shown)
        rows.append(row)
    return rows


def money_rows(one: CallView, sent: QueryDict) -> dict[str, list[dict[str, object]]]:
    """Envelopes and fields as rows of the form, with blank rows to add more."""
    held: dict[str, list[dict[str, object]]] = {
        "e": [
            {"code": e.code, "name": e.name.ko, "name_en": _other(e.name),
             "amount": e.amount_won, "part": e.part}
            for e in one.envelopes
        ],
        "f": [
            {"code": f.code, "name": f.name.ko, "name_en": _other(f.name),
             "marks": f.marks_max or "", "amount": f.amount_max_won or ""}
            for f in one.fields
        ],
    }  # fmt: skip
    for kind, rows in held.items():
        blank = {"code": "", "name": "", "name_en": "", "amount": "", "part": "", "marks": ""}
        rows += [dict(blank) for _ in range(BLANK_ROWS)]
        for at, row in enumerate(rows):
            row["at"] = f"{kind}{at}"
            for name in blank:
                row[name] = sent.get(f"{kind}{at}_{name}", row.get(name, ""))
    return held


def _other(name: T) -> str:
    """The English name where one was given."""
    return "" if name.en == name.ko else name.en


def money_of(sent: QueryDict) -> dict[str, object]:
    """Envelopes and fields that were typed; a row without code and name is left out."""
    found: dict[str, list[dict[str, object]]] = {"e": [], "f": []}
    for kind, rows in found.items():
        for at in range(ROWS_MAX):
            typed = {
                name: sent.get(f"{kind}{at}_{name}", "").strip()
                for name in ("code", "name", "name_en", "amount", "part", "marks")
            }
            if not typed["code"] and not typed["name"]:
                continue
            row: dict[str, object] = {"code": typed["code"], "name": typed["name"]}
            if typed["name_en"]:
                row["name_en"] = typed["name_en"]
            if kind == "e":
                row["amount_won"] = number(typed["amount"])
                if typed["part"]:
                    row["part"] = typed["part"]
            else:
                if typed["amount"]:
                    row["amount_max_won"] = number(typed["amount"])
                if typed["marks"]:
                    row["marks_max"] = number(typed["marks"])
            rows.append(row)
    return {"envelopes": tuple(found["e"]), "fields": tuple(found["f"])}


def ballot_of(request: HttpRequest) -> dict[str, object]:
    """The ballot that was typed."""
    limits = numbers_of(
        request, "marks_min", "marks_max", "points_max", "points_sum", "spend_max_won"
    )
    return {
        "ballot": {"kind": request.POST.get("kind", ""), **limits},
        **{name: name in request.POST.getlist("more") for name in MORE},
    }


def rule_of(request: HttpRequest, one: CallView) -> dict[str, object]:
    """The rule that was chosen; what the form does not show stays when the rule is the same."""
    name = request.POST.get("rule_name", "")
    completion = request.POST.get("completion", "") or "none"
    rule: dict[str, object] = {
        "name": name,
        "completion": completion,
        "ties": tuple(request.POST.get("ties", "").split(",")),
    }
    satisfaction = request.POST.get("satisfaction", "")
    if satisfaction:
        rule["satisfaction"] = satisfaction
    rule |= numbers_of(request, "step_won", "threshold")
    share = request.POST.get("threshold_share", "").strip()
    if share:
        rule["threshold_share_ppm"] = ppm(share)
    if completion == "add1":
        rule["start"] = request.POST.get("start", "") or one.rule.get("start") or "floor"
        rule["stop"] = request.POST.get("stop", "") or one.rule.get("stop") or "exhaustive"
    if name == one.rule["name"]:
        rule |= {key: tuple(one.rule[key]) for key in ("weights", "order") if one.rule.get(key)}
    return {"rule": rule, "leftover": request.POST.get("leftover", "")}


def ppm(text: str) -> object:
    """A share in percent as parts per million; what is none stays: the door says what is wrong.

    >>> ppm("2.5"), ppm("100"), ppm("1,5")
    (25000, 1000000, '1,5')
    """
    found = PERCENT.fullmatch(text.removesuffix("%"))
    if found is None:
        return text
    return int(found[1]) * 10_000 + int((found[2] or "").ljust(4, "0"))


def roll_rule_of(request: HttpRequest, one: CallView) -> dict[str, object]:
    """Who may vote, as it was chosen; what the form does not show stays."""
    shown = ("dong", "age_min", "age_unknown", "days_min")
    kept = {key: value for key, value in one.roll_rule.items() if key not in shown}
    kept = {key: tuple(v) if isinstance(v, list) else v for key, v in kept.items()}
    rule: dict[str, object] = {
        **kept,
        **body_of(request, "dong", "age_unknown"),
        **numbers_of(request, "age_min", "days_min"),
    }
    if one.roll_rule.get("basis") != "members":
        rule["grounds"] = tuple(request.POST.getlist("grounds"))
    return {"roll_rule": rule}


def more_of(request: HttpRequest) -> dict[str, object]:
    """The rules around the count: links, the public value of the lot, days of silence."""
    return {
        "links_allowed": "links_allowed" in request.POST.getlist("links"),
        **body_of(request, "seed_public_source"),
        **numbers_of(request, "silent_days"),
    }


def tie_options(one: CallView) -> list[tuple[str, str]]:
    """The chains that decide between equals; the present one first."""
    chains = dict.fromkeys((tuple(one.rule["ties"]), *TIE_CHAINS))
    return [(",".join(c), " → ".join(str(TIES[step]) for step in c)) for c in chains]


def rule_fields(one: CallView) -> dict[str, object]:
    """Choices and present values of the forms for ballot, rule and roll."""
    share = one.rule.get("threshold_share_ppm")
    return {
        "kinds": options(dict(BALLOTS)),
        "rule_names": options(dict(RULES)),
        "satisfactions": options(SATISFACTIONS),
        "completions": options(COMPLETIONS),
        "leftovers": options(LEFTOVERS),
        "more": options(MORE),
        "more_now": [name for name in MORE if getattr(one, name)],
        "starts": options(STARTS),
        "stops": options(STOPS),
        "share_now": f"{share / 10_000:g}" if share else "",
        "grounds": [(code, str(GROUND_CHOICES[code])) for code in GROUND_CHOICES],
        "grounds_now": one.roll_rule.get("grounds") or ["home"],
        "unknown_age": options(UNKNOWN_AGE),
        "links": options(LINKS),
        "links_now": ["links_allowed"] if one.links_allowed else [],
        "chains": tie_options(one),
        "ties_now": ",".join(one.rule["ties"]),
    }

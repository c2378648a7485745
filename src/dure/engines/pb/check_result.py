# fmt: off
"""Check a certificate of a vote on money with nothing but Python; written from docs/certificate.md.
Use: python check_result.py CERTIFICATE.json INPUT.pb [--full]    (--full: all runs of a completion)
Every ballot is counted by itself, in fractions. Exit 0: it holds. 1: not, and the lines say where.
"""
import csv, gzip, json, re, sys  # noqa: E401, I001
from collections import Counter
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any  # what JSON holds

ZERO = Fraction(0)
canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

def words(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(",") if part.strip().lower() not in ("", "none")]
def number(text: str) -> Fraction:
    return Fraction(text.strip().replace(",", "."))
def flat(value: Any, place: str) -> dict[str, str]:
    parts = dict(enumerate(value, 1)) if isinstance(value, list) else value
    inner = [flat(parts[key], f"{place} {key}") for key in parts] if isinstance(parts, dict) else []
    return {key: one[key] for one in inner for key in one} or {place: canonical(value)}

class Recount:
    """One rule over one input. `fans` of a project: (ballot, points or Borda points or 1)."""
    def __init__(self, raw: bytes, rule: dict[str, Any]) -> None:
        raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        parts = re.split(r"(?im)^(META|PROJECTS|VOTES)[; \t]*$", text)[1:]
        meta, projects, votes = (
            [*csv.DictReader(part.strip("\n").split("\n"), delimiter=";", restval="")]
            for _, part in sorted(zip(map(str.upper, parts[::2]), parts[1::2], strict=True)))
        value = {row["key"].strip(): row["value"].strip() for row in meta}
        kind, by = value["vote_type"].lower(), (rule["name"], rule["satisfaction"])
        self.rule, self.budget, self.n = rule, number(value["budget"]), len(votes)
        rows = self.rows = {row["project_id"].strip(): row for row in projects}
        self.cost = {p: number(row["cost"]) for p, row in rows.items()}
        self.needs, self.bars, self.fields = (
            {p: sorted({*words(row.get(key) or "")}) for p, row in rows.items()}
            for key in ("requires", "excludes", "category"))
        self.fans, self.backs = {p: list[Any]() for p in rows}, [list[str]() for _ in votes]
        self.votes, self.points = dict.fromkeys(rows, ZERO), dict.fromkeys(rows, ZERO)
        self.marked, lines = [list[str]() for _ in votes], list[str]()
        for i, row in enumerate(votes):
            cast = words(row["vote"])
            marks = {p: Fraction(at if kind == "ordinal" else 1)
                     for at, p in enumerate([*dict.fromkeys(cast)][::-1])}
            if kind in ("cumulative", "scoring"):
                marks = dict(zip(cast, map(number, words(row["points"])), strict=True))
            lines.append(canonical([[p, str(x)] for p, x in sorted(marks.items())]))
            for p, x in marks.items():
                vote = Fraction(x > 0 or kind in ("ordinal", "cumulative"))
                self.votes[p], self.points[p] = self.votes[p] + vote, self.points[p] + x
                self.marked[i] += [p] if vote else []
                weight = vote * (self.cost[p] or 1) if by == ("mes", "cost") else vote
                weight = x if by[1] in ("points", "borda") else weight
                self.backs[i] += [p] if weight > 0 else []
                self.fans[p] += [(i, weight)] if weight > 0 else []
        head = [canonical([p, str(self.cost[p]), self.needs[p], self.bars[p], self.fields[p],
                {key: str(number(row[key])) for key in row if key.startswith("measure:")}])
                for p, row in rows.items()]
        head = [canonical(["dure-pb-input 1", kind, str(self.budget)]), *head, *sorted(lines)]
        self.input = sha256("".join(f"{line}\n" for line in head).encode()).hexdigest()
    def first(self, tied: list[str]) -> tuple[str, str | None]:
        """The chain: each step keeps its best ones; the step that leaves one alone decides."""
        left, by, head, call = tied, None, bytes.fromhex(self.rule["seed"] or ""), self.rule["call"]
        for step in self.rule["ties"]:
            if len(left) > 1:
                keys: dict[str, Any] = {p: {"max_votes": -self.votes[p], "min_cost": self.cost[p],
                    "id": p, "max_cost": -self.cost[p], "list": [*self.rule["order"], p].index(p),
                    "lot": sha256(head + (call + p).encode()).digest(),
                    "earliest_received": [*self.cost].index(p)}[step] for p in left}
                left, by = [p for p in left if keys[p] == min(keys.values())], step
        return left[0], by
    def open(self, won: list[str], among: Any = None, now: bool = True) -> list[str]:
        """Supported ones (or those among) that links let win beside the winners: now, or ever."""
        left = [p for p in self.cost if self.fans[p] and p not in won] if among is None else among
        out = {q for q in self.cost for p in won if q in self.bars[p] or p in self.bars[q]}
        while more := {p for p in self.cost if {*self.needs[p]} & out} - out:
            out |= more
        return [p for p in left if p not in out and (not now or {*self.needs[p]} <= {*won})]
    def score(self, kind: str, p: str) -> Any:
        score = (self.points if self.rule["satisfaction"] in ("points", "borda") else self.votes)[p]
        for at, (name, ppm, norm) in enumerate(self.rule["weights"]):
            own = self.votes if name == "votes" else self.points
            of = {q: number(r.get("measure:" + name) or str(own[q])) for q, r in self.rows.items()}
            scale = {"share-of-max": max(of.values()), "share-of-total": sum(of.values())}.get(norm)
            better = Fraction(sum(x > of[p] for x in of.values()), len(of))
            part = 1 - better if norm == "rank" else of[p] / (scale or 1)
            score = score * bool(at) + Fraction(ppm, 10**6) * part
        return score / (self.cost[p] or Fraction(1, 10**99)) if kind == "density" else score
    def rate(self, p: str, held: list[Fraction], mes: bool) -> Fraction:
        """Phragmen: t = (c + loads) / n. Shares: sum of min(b, rho u) = c, taking off the poor."""
        need, weight = self.cost[p], sum((w for _, w in self.fans[p]), ZERO)
        if not mes:
            return sum((held[i] for i, _ in self.fans[p]), need) / weight
        groups = Counter((held[i], w) for i, w in self.fans[p])
        for (b, w), n in sorted(groups.items(), key=lambda group: group[0][0] / group[0][1]):
            if b * weight >= need * w:
                break
            need, weight = need - b * n, weight - w * n
        return need / weight
    def run(self, kind: str, start: Fraction = ZERO, before: Any = ()) -> dict[str, Any]:
        """One run: of equal shares, of Phragmen, or of greedy over what `before` has left."""
        mes, greedy, cost = kind == "mes", kind not in ("mes", "phragmen"), self.cost
        money = purse = self.budget - sum(cost[p] for p in before)
        floor = Fraction(self.rule["threshold"] or 0) * (self.n if self.rule["share"] else 1)
        low = {p: -self.score(kind, p) for p in cost if p not in before}
        left = [p for p in low if 0 != -low[p] >= floor and (mes or greedy or cost[p] <= money)]
        low = {p: low[p] * greedy for p in left}  # no rate is below it
        behind = {p: start * len(self.fans[p]) for p in cost}
        caps = {field: Fraction(cap) for field, cap in self.rule["caps"]}
        held, rounds, won = [start] * self.n, list[Any](), [*before]
        while True:
            left = self.open(won, left, now=False)
            gone = [[p, str(behind[p])] for p in left if mes and behind[p] < cost[p]]
            left = [p for p in left if not mes or behind[p] >= cost[p]]
            best, free = list[Fraction](), self.open(won, left)
            for p in sorted(free, key=low.__getitem__):
                if not greedy and (not best or low[p] <= best[0] or any(self.needs.values())):
                    low[p] = self.rate(p, held, mes)
                best = [min([low[p], *best])]
            tied = [p for p in free if low[p] in best]
            if not tied or (kind == "phragmen" and any(cost[p] > money for p in tied)):
                break
            (p, by), paid = self.first(tied), Counter[Any]()
            left.remove(p)
            room = min([money, *(caps[field] for field in self.fields[p] if field in caps)])
            if not mes and cost[p] > room and kind == "greedy-no-skip":
                break
            if not mes and cost[p] > room:
                continue
            for i, w in self.fans[p] if not greedy and (cost[p] or not mes) else ():
                pay = min(held[i], low[p] * w) if mes else low[p] - held[i]
                paid[held[i], pay] += 1
                held[i] += -pay if mes else pay
                for q in self.backs[i] if pay and mes else ():
                    behind[q] -= pay
            money, won = money - cost[p], [*won, p]
            caps = {key: cap - cost[p] * (key in self.fields[p]) for key, cap in caps.items()}
            payers = [[str(b), n, str(pay)] for (b, pay), n in sorted(paid.items())]
            rounds.append({"winner": p, "tied": tied, "by": by, "payers": payers, "dropped": gone,
                           "rate": str(abs(low[p]) * (kind != "density" or cost[p] > 0))})
        ended = "unaffordable" if mes and self.open(won) else "all-won"
        ended = "does-not-fit" if tied else "considered" if greedy else ended
        return {"start": str(start) if mes else None, "rounds": rounds, "ended": ended,
                "winners": won[len(before):], "cost": str(purse - money), "dropped": gone}
    def certificate(self, claim: dict[str, Any], full: bool) -> dict[str, Any]:
        """Say what the certificate has to say; `engine` and `rule` alone are taken from it."""
        rule, step = self.rule, Fraction(self.rule["step"] or 0)
        start = self.budget / (self.n or 1) * (rule["name"] == "mes")
        start = Fraction(start // 1) if rule["start"] == "floor" else start
        final, after = self.run(rule["name"], start), None
        all_fit = sum(self.cost.values()) <= self.budget
        tries = claim["runs"] if step and not all_fit else []
        stopped = ("all-fit" if all_fit else "nowhere") if step else None
        skip = 0 if full else max(0, len(tries) - 2)
        runs = [[str(start + at * step), *tries[at][1:]] for at in range(skip)]
        for at in range(skip, len(tries)):
            last = self.run("mes", start + at * step)
            won, left = last["winners"], self.budget - Fraction(last["cost"])
            runs.append([last["start"], sha256(canonical(won).encode()).hexdigest(), last["cost"]])
            final, after = (final, last) if left < 0 else (last, None)
            may = self.open(won)
            stopped = "overspent" if left < 0 else "exhaustive" if may else "all-won"
            may = [p for p in may if rule["stop"] == "overspend" or self.cost[p] <= left]
            if left < 0 or not may:
                break
            stopped = "nowhere"
        won, added, comparison = final["winners"], list[Any](), None
        if rule["completion"] not in ("none", "add1") or stopped == "all-fit":
            more = self.run("greedy", ZERO, won)
            won, added = won + more["winners"], more["rounds"]
        if rule["completion"] == "comparison":
            other = self.run("greedy")["winners"]
            margin = [len({*won} & {*b}) - len({*other} & {*b}) for b in self.marked]
            yes, no = sum(x > 0 for x in margin), sum(x < 0 for x in margin)
            comparison = {"shares": won, "greedy": other, "prefer_shares": yes, "prefer_greedy": no}
            won = other if no > yes else won
        spent = sum(map(self.cost.__getitem__, won), ZERO)
        return {"format": "dure-pb-certificate 1", "engine": claim["engine"], "rule": rule,
            "input": self.input, "budget": str(self.budget), "ballots": self.n, "runs": runs,
            "projects": len(self.cost), "final": final, "after": after, "stopped": stopped,
            "added": added, "comparison": comparison, "winners": won, "spent": str(spent),
            "links": any([*self.needs.values(), *self.bars.values()]),
            "left": str(self.budget - spent),
            "seal": sha256(canonical({**claim, "seal": ""}).encode()).hexdigest()}

def check(text: str, source: bytes, *, full: bool = False) -> list[str]:
    claim = json.loads(text)
    found = Recount(source, claim["rule"]).certificate(claim, full)
    said, counted = flat(claim, ""), flat(found, "")
    return [f"{place.strip()}: says {said.get(place)}, counted {counted.get(place)}"
            for place in {**counted, **said} if said.get(place) != counted.get(place)
           ][:20] or ["not canonical JSON"] * (canonical(found) != text.strip())

if __name__ == "__main__":
    stated, votes = Path(sys.argv[1]).read_text("utf-8"), Path(sys.argv[2]).read_bytes()
    sys.exit("\n".join(check(stated, votes, full="--full" in sys.argv)) or print("It holds."))

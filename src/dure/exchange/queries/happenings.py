"""What happened in a case, told from the audit, from its proofs and from its alarms."""

from __future__ import annotations

from uuid import UUID

from dure.core.models import AuditLine
from dure.core.text import T
from dure.engines.ords_words import Outcome
from dure.exchange import interpreter
from dure.exchange.declaration import Process
from dure.exchange.models import Agreement, Attestation
from dure.exchange.queries import Happened
from dure.exchange.words import OUTCOMES_SHORT

LINES_MAX = 200
REVIEWS = "exchange.review."  # they stand on their own page, each side's when it may be seen
REVIEWED = ("review", "reply", "object", "ruling")
DEEDS = {
    "exchange.agreement.open": T("시작함", "Begun"),
    "exchange.agreement.correct": T("바로잡음", "Corrected"),
    "exchange.agreement.note": T("메모를 남김", "Left a note"),
    "exchange.agreement.reassign": T(
        "역할을 다른 이웃에게 맡김", "Gave a role to another neighbour"
    ),
    "exchange.repair.place": T("가져갈 모임을 정함", "Chose the event to bring it to"),
    "exchange.hand_over.show": T("건네기 숫자를 보임", "Showed the digits"),
    "exchange.photo.add": T("사진을 붙임", "Added a photo"),
    "exchange.basket.fill": T("바구니에 담음", "Filled the basket"),
    "exchange.basket.weigh": T("무게를 적음", "Wrote the weights"),
    "exchange.crate.take_back": T("상자가 돌아옴", "The crate came back"),
}


def history(agreement: Agreement) -> list[Happened]:
    """What was done with a case, oldest first: by whom in which role, and what time did."""
    process = interpreter.process_of(agreement)
    steps = {t.name: str(t.text) for t in process.transitions}
    roles = _role_of(agreement, process)
    said = {row.audit: row for row in agreement.attestations.all()}
    rows = AuditLine.objects.everything("the steps of a case that the reader sees")
    rows = rows.exclude(action__startswith=REVIEWS)
    lines = rows.filter(object=f"exchange.agreement:{agreement.id}", outcome="done")
    found = [
        Happened(_deed(line, steps), _by(line, roles), line.at, _why_of(line, said))
        for line in lines.order_by("seq")[:LINES_MAX]
    ]
    alarms = agreement.timers.filter(fired_at__isnull=False)
    found += [
        Happened(steps[one.transition], str(T("저절로", "by itself")), one.fired_at or one.due_at)
        for one in alarms
        if one.transition in steps
    ]
    return sorted(found, key=lambda one: one.at)


def _role_of(agreement: Agreement, process: Process) -> dict[UUID, str]:
    words = {role.key: str(role.text) for role in process.roles}
    parties = agreement.parties.filter(person__isnull=False)
    return {one.person: words.get(one.role, "") for one in parties if one.person is not None}


def _deed(line: AuditLine, steps: dict[str, str]) -> str:
    if line.action in DEEDS:
        return str(DEEDS[line.action])
    name = str((line.changes.get("transition") or [None, ""])[1])
    text = steps.get(name, name)
    if "waits" in line.changes:
        return T("%(s)s: 먼저 확인함", "%(s)s: confirmed first") % {"s": text}
    return text


def _by(line: AuditLine, roles: dict[UUID, str]) -> str:
    """The role in which it was done; who acts for another is said, never named."""
    person = line.acting_for or line.actor
    by = roles.get(person, "") if person is not None else ""
    by = by or str(T("담당자", "staff"))
    if line.acting_for is not None:
        return T("%(r)s(다른 사람이 대신함)", "%(r)s (somebody acted for them)") % {"r": by}
    return by


def _why_of(line: AuditLine, said: dict[UUID, Attestation]) -> str:
    row = said.get(line.id)
    return _why(row.value) if row is not None else line.reason or ""


def _why(value: dict[str, object]) -> str:
    """The words that were written beside a step; numbers stand in the facts of the page."""
    for name in ("why", "note", "text"):
        if isinstance(value.get(name), str):
            return str(value[name])
    return ""


def attested(agreement: Agreement) -> list[Happened]:
    """What was attested of a case, oldest first."""
    process = interpreter.process_of(agreement)
    roles = {role.key: role.text for role in process.roles}
    first = Happened(str(T("시작함", "Begun")), "", agreement.opened_at)
    told = [
        Happened(_said(row.kind, row.value), str(roles.get(row.role, T("", ""))), row.made_at)
        for row in agreement.attestations.exclude(kind__in=REVIEWED).order_by("seq")
    ]
    return [first, *told]


PLAIN = {
    "photo": T("사진을 붙임", "Added a photo"),
    "note": T("메모를 남김", "Left a note"),
    "shown": T("건네기 숫자를 보임", "Showed the digits"),
    "inspect": T("살펴봄", "Looked at it"),
}


def _said(kind: str, value: dict[str, object]) -> str:
    if kind == "confirm":
        return str(T("결과를 확인함", "Confirmed the result"))
    if kind in PLAIN:
        return str(PLAIN[kind])
    if "outcome" not in value:
        return str(T("기록에서 뺌", "Taken out of the count"))
    outcome = OUTCOMES_SHORT[Outcome(str(value["outcome"]))]
    if kind == "correct":
        return T("결과를 바로잡음: %(o)s", "Corrected the result: %(o)s") % {"o": str(outcome)}
    return T("결과를 적음: %(o)s", "Gave the result: %(o)s") % {"o": str(outcome)}

"""Elections of the past: a Pabulib file becomes a call that is over, counted by a stated rule."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Annotated
from uuid import uuid4

import numpy as np
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from pydantic import BeforeValidator
from pydantic import Field as Bound

from dure.budgeting import counting, policies, subjects
from dure.budgeting.errors import BudgetCode
from dure.budgeting.models import (
    Call,
    Envelope,
    Phase,
    Project,
    ProjectLink,
    Result,
    ResultPart,
    ResultPublication,
)
from dure.budgeting.subjects import Scope
from dure.budgeting.types import RuleIn, Year, to_json
from dure.core import clock, rulebook
from dure.core.actions import action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.core.types import District, Line, Name, UuidText
from dure.engines.canonical import sha256_hex
from dure.engines.pb import pabulib
from dure.engines.pb.election import BallotKind, Election
from dure.engines.pb.pabulib_errors import PabulibError
from dure.governance.types import RollRule

from .results import ENGINE, part_rows

BYTES_MAX = 32 * 1024 * 1024
CHUNK = 5_000
CODE = re.compile(r"[0-9A-Za-z가-힣][0-9A-Za-z가-힣._-]{0,19}")
YEAR = re.compile(r"[0-9]{4}")
WON_MAX = 10**15


def _bytes(given: object) -> object:
    """Text, as a command line has it in JSON, stands for its UTF-8 bytes."""
    return given.encode() if isinstance(given, str) else given


Content = Annotated[bytes, BeforeValidator(_bytes), Bound(min_length=1, max_length=BYTES_MAX)]


@dataclass(frozen=True, slots=True)
class ImportRef:
    """An imported election; `agrees`: whether the count chose exactly the projects that the file
    calls selected, None where it names none.
    """

    id: str
    ballots: int
    winners: tuple[str, ...]
    agrees: bool | None


@action(
    "budgeting.election.import",
    ko="지난 투표를 Pabulib 파일에서 가져옵니다.",
    en="Import an election of the past from a Pabulib file.",
    policy=policies.may_run_call,
    letters=policies.RUNNERS,
    subject=subjects.scope,
    idempotent=True,
    faces=("web", "cli"),
    writes=(
        "budgeting_call", "budgeting_phase", "budgeting_envelope", "budgeting_project",
        "budgeting_projectlink", "budgeting_moneyballot", "budgeting_result",
        "budgeting_resultpart", "budgeting_resultpublication",
    ),
    refusals=(CoreCode.NOT_FOUND, BudgetCode.BAD_FILE, BudgetCode.BAD_RULE),
)  # fmt: skip
def import_election(
    district: District,
    title: Name,
    year: Year,
    source: Line,
    content: Content,
    rule: RuleIn,
    organisation_id: UuidText | None = None,
    *,
    actor: Actor,
) -> ImportRef:
    """Take in a past election whole or not at all, and count it by the rule that is given.

    source  : where the file comes from, shown with the result
    content : plain or gzip, at most 32 MiB; whole won
    rule    : in full; the word in the file is compared by eye, never guessed
    Effects: Call (published), its envelope, projects and ballots; Result with its publication; no
    awards: nobody spends by an import.
    """
    where = subject(Scope)
    if "lot" in rule.ties:
        raise _bad(T("가져온 투표에는 추첨 씨앗이 없습니다.", "an import has no seed for a lot."))
    election = _read(content)
    call = _call(where, election, title, year, source, rule)
    _dates(call, election)
    envelope = _parts(call, election)
    _ballots(envelope, election)
    now = clock.now()
    result = Result.rows.create(
        id=uuid4(),
        call=call,
        number=1,
        rule_sha256=sha256_hex(call.rule),
        roll_sha256="",
        seed="",
        engine_version=ENGINE,
        online_count=election.ballots.count,
        paper_count=0,
        computed_by=actor.id,
        computed_at=now,
        audit=line().id,
    )
    rows = part_rows(result, counting.counted(call, b""), line().id)
    ResultPart.rows.bulk_create(rows)
    ResultPublication.rows.create(result=result, by=actor.id, at=now, audit=line().id)
    call.state = Call.State.PUBLISHED
    call.save(update_fields=["state"])
    line().object("budgeting.call", call.id)
    line().organisation(where.organisation_id)
    winners = tuple(next(row.winners for row in rows if row.is_official))
    selected = {one.id for one in election.projects if one.selected == 1}
    is_told = any(one.selected is not None for one in election.projects)
    agrees = set(winners) == selected if is_told else None
    return ImportRef(str(call.id), election.ballots.count, winners, agrees)


def _bad(why: T) -> Refusal:
    return Refusal(BudgetCode.BAD_FILE, field="content", why=why)


def _read(content: bytes) -> Election:
    """The election, when this room can hold it. Raises Refusal(BAD_FILE), by line or reason."""
    try:
        election = pabulib.read(content, bytes_max=4 * BYTES_MAX)
    except PabulibError as error:
        raise _bad(T(error.ko, error.en)) from None
    money = (election.budget, *(one.cost for one in election.projects))
    faults = (
        (
            election.meta.get("currency", "KRW") != "KRW",
            T("원화(KRW)가 아닌 금액입니다.", "the money is not won (KRW)."),
        ),
        (
            any(one.denominator != 1 or one > WON_MAX for one in money) or election.budget <= 0,
            T(
                "금액이 1원 단위가 아니거나 한도를 넘습니다.",
                "an amount is not whole won, or too large.",
            ),
        ),
        (
            election.kind not in counting.KINDS.values() or election.ballots.points_scale != 1,
            T("이 투표 방법은 가져올 수 없습니다.", "ballots of this kind cannot be taken in."),
        ),
        (
            not all(CODE.fullmatch(one.id) for one in election.projects),
            T(
                "사업 번호는 20자까지의 글자와 숫자입니다.",
                "project ids have at most 20 letters or digits.",
            ),
        ),
    )
    for is_bad, why in faults:
        if is_bad:
            raise _bad(why)
    return election


def _call(
    where: Scope, election: Election, title: str, year: int, source: str, rule: RuleIn
) -> Call:
    """The call in preparation, as the file says how people voted."""
    points_max, points_sum = _points(election)
    now = clock.now()
    made: Call = Call.rows.create(
        id=uuid4(),
        title=title,
        year=year,
        district_id=where.district_id,
        organisation_id=where.organisation_id,
        ballot_kind=str(election.kind),
        marks_max=1 if election.kind is BallotKind.CHOOSE_1 else None,
        points_max=points_max,
        points_sum=points_sum,
        rule=to_json(rule),
        roll_rule=RollRule.model_validate({"basis": "residents"}).model_dump(mode="json"),
        paper_allowed=False,
        may_revote=False,
        similar_ppm=rulebook.value("budgeting.similar_ppm").integer,
        silent_days=rulebook.value("budgeting.silent_days").integer,
        imported_from=source,
        made_at=now,
        entered_at=now,
        audit=line().id,
    )
    return made


def _points(election: Election) -> tuple[int | None, int | None]:
    """The most points that a ballot gave to one project, and in all; None without points."""
    points = election.ballots.points
    if points is None:
        return None, None
    sums = np.bincount(election.ballots.owners(), weights=points)
    return max(int(points.max(initial=1)), 1), max(int(sums.max(initial=1)), 1)


def _dates(call: Call, election: Election) -> None:
    """When the vote was, as META says. Raises Refusal(BAD_FILE) where it does not."""
    days = []
    for key, year_end in (("date_begin", "01.01."), ("date_end", "31.12.")):
        told = election.meta.get(key, "")
        told = year_end + told if YEAR.fullmatch(told) else told
        try:
            days.append(datetime.strptime(told, "%d.%m.%Y").replace(tzinfo=clock.SEOUL))
        except ValueError:
            raise _bad(T(f"{key}가 날짜가 아닙니다.", f"{key} is no date.")) from None
    begins, ends = days[0], days[1] + timedelta(days=1)
    if begins >= ends:
        raise _bad(T("투표가 시작하기 전에 끝납니다.", "the vote ends before it begins."))
    Phase.rows.create(
        call=call, kind="voting", during=DateTimeTZRange(begins, ends), audit=line().id
    )


def _parts(call: Call, election: Election) -> Envelope:
    """The one envelope, the projects in the order of the file, and their links."""
    audit = line().id
    envelope: Envelope = Envelope.rows.create(
        id=uuid4(),
        call=call,
        code="all",
        name="전체",
        name_en="All",
        amount_won=int(election.budget),
        audit=audit,
    )
    projects = Project.rows.bulk_create(
        Project(
            id=uuid4(),
            call=call,
            code=one.id,
            name=(one.name or one.id)[:100],
            cost_won=int(one.cost),
            envelope=envelope,
            received=number,
            listed_at=clock.now(),
            audit=audit,
        )
        for number, one in enumerate(election.projects, 1)
    )
    kinds = {
        ProjectLink.Kind.REQUIRES: election.requires,
        ProjectLink.Kind.EXCLUDES: election.excludes,
    }
    ProjectLink.rows.bulk_create(
        ProjectLink(call=call, kind=kind, project=projects[one], other=projects[other], audit=audit)
        for kind, pairs in kinds.items()
        for one, other in pairs
    )
    return envelope


def _ballots(envelope: Envelope, election: Election) -> None:
    """Every ballot of the file, its voter's columns left behind."""
    codes = [one.id for one in election.projects]
    starts = election.ballots.starts.tolist()
    items = [codes[at] for at in election.ballots.items.tolist()]
    given = election.ballots.points
    points = None if given is None else given.tolist()
    rows = [["", items[a:b], None if points is None else points[a:b]] for a, b in pairwise(starts)]
    with connection.cursor() as cursor:
        for at in range(0, len(rows), CHUNK):
            cursor.execute(
                "SELECT urn.import_ballots(%s, %s, %s)",
                (envelope.id, json.dumps(rows[at : at + CHUNK]), line().id),
            )

"""Elections of the past: a Pabulib file becomes a call that is over, counted by a stated rule."""

from __future__ import annotations

import json
from dataclasses import dataclass
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
from dure.budgeting.past_files import BYTES_MAX, bad_file, dates_of, read_file
from dure.budgeting.subjects import Scope
from dure.budgeting.types import RuleIn, Year, to_json
from dure.core import clock, rulebook
from dure.core.actions import action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode
from dure.core.text import T
from dure.core.types import District, Line, Name, UuidText
from dure.engines.canonical import sha256_hex
from dure.engines.pb.election import BallotKind, Election
from dure.governance.types import RollRule

from .results import ENGINE, part_rows

CHUNK = 5_000


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
        raise bad_file(
            T("가져온 투표에는 추첨 씨앗이 없습니다.", "an import has no seed for a lot.")
        )
    election = read_file(content)
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
    begins, ends = dates_of(election)
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

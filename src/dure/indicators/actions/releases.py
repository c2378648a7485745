"""Prepare a release: draft, compute, check (공표본 초안, 계산, 검사)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from django.conf import settings
from django.db import connection
from pydantic import AfterValidator, BaseModel, Field

from dure.core import clock, progress
from dure.core.actions import action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.core.types import UuidText
from dure.engines import release_grid
from dure.engines.release_grid import NotAGrid
from dure.indicators import checking, computing, expressions, policies, publishing, words
from dure.indicators.computing import Cell, Window
from dure.indicators.errors import IndicatorsCode
from dure.indicators.models import Check, DefinitionVersion, Release, ReleaseStep, Run
from dure.indicators.models.releases import ReleaseState, ReleaseVersion, Vintage

_PERIOD = re.compile(r"[12][0-9]{3}(-Q[1-4])?")
_MONTH = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])")


def _period(text: str) -> str:
    if not _PERIOD.fullmatch(text):
        raise ValueError("period")
    return text


def _month(text: str) -> str:
    if not _MONTH.fullmatch(text):
        raise ValueError("month")
    return text


PeriodText = Annotated[str, Field(max_length=7), AfterValidator(_period)]
MonthText = Annotated[str, Field(max_length=7), AfterValidator(_month)]


@dataclass(frozen=True, slots=True)
class ReleaseRef:
    """A release and where it stands."""

    id: str
    state: str
    number: int | None = None
    head: str | None = None


def release_of(body: BaseModel, actor: Actor) -> Release:
    """The release that a body names; that it exists is no secret, the policy decides the rest."""
    found: Release | None = Release.rows.filter(
        id=getattr(body, "release_id")  # noqa: B009  # the body is any schema with this field
    ).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def lock_release(body: BaseModel, actor: Actor) -> Release:
    """The same release, its steps locked for this transaction."""
    release = release_of(body, actor)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('indicators.release'), hashtext(%s))",
            [str(release.id)],
        )
    return release


def last_step(release: Release) -> ReleaseStep:
    """Where a release stands."""
    found: ReleaseStep = release.steps.select_related("run").order_by("-ordinal")[0]
    return found


def demand(release: Release, *wanted: ReleaseState) -> ReleaseStep:
    """The last step, if it is one of those wanted."""
    step = last_step(release)
    if step.state not in wanted:
        raise Refusal(
            IndicatorsCode.WRONG_STATE,
            state=words.STATES[step.state],
            wanted=T(
                ", ".join(words.STATES[state].ko for state in wanted),
                ", ".join(words.STATES[state].en for state in wanted),
            ),
        )
    return step


def take_step(release: Release, state: ReleaseState, actor: Actor, **fields: object) -> ReleaseStep:
    """Write the next step of a release; the database asks whether it may follow."""
    last = release.steps.order_by("-ordinal").first()
    line().object("indicators.release", release.id)
    line().changed("state", last.state if last else None, str(state))
    step: ReleaseStep = ReleaseStep.rows.create(
        release=release,
        ordinal=(last.ordinal if last else 0) + 1,
        state=state,
        at=clock.now(),
        actor=actor.id,
        audit=line().id,
        **fields,
    )
    return step


@action(
    "indicators.release.draft",
    ko="기간과 차수를 정해 공표본 초안을 만듭니다.",
    en="Draft a release of a period and vintage.",
    policy=policies.may_prepare,
    letters={Role.ANALYST: "p"},
    idempotent=True,
    audit_refusals=True,
    writes=(
        "indicators_release",
        "indicators_releaseversion",
        "indicators_releasestep",
    ),
    refusals=(
        IndicatorsCode.BAD_PERIOD,
        IndicatorsCode.PERIOD_OPEN,
        IndicatorsCode.VINTAGE_ORDER,
        IndicatorsCode.VINTAGE_DONE,
    ),
)
def draft_release(
    period: PeriodText, since: MonthText, vintage: Literal["1", "2", "F"] = "1", *, actor: Actor
) -> ReleaseRef:
    """Fix period, first month and definition versions; the period is over, the vintage is next.

    Source: indicators page, vintages 1, 2, F.
    """
    try:
        release_grid.periods(since, period, "month")
    except NotAGrid as error:
        raise Refusal(IndicatorsCode.BAD_PERIOD, field="since") from error
    last = release_grid.last_day(period)
    if clock.today() <= last:
        raise Refusal(IndicatorsCode.PERIOD_OPEN, field="period", period=period, day=last)
    demand_vintage(period, vintage)
    release = Release.rows.create(
        period=period,
        since=since,
        vintage=vintage,
        synthetic=bool(getattr(settings, "DEMO", False)),
        drafted_by=actor.id,
        drafted_at=clock.now(),
        audit=line().id,
    )
    today = clock.today()
    ReleaseVersion.rows.bulk_create(
        ReleaseVersion(release=release, version=version, audit=line().id)
        for version in DefinitionVersion.rows.filter(valid_from__lte=today)
        .order_by("definition_id", "-valid_from")
        .distinct("definition_id")
    )
    take_step(release, ReleaseState.DRAFTED, actor)
    return ReleaseRef(str(release.id), ReleaseState.DRAFTED.value)


def demand_vintage(period: str, vintage: str) -> None:
    """Refuse a vintage that is not the next one of its period."""
    done = set(
        Release.rows.filter(period=period, steps__state="frozen").values_list("vintage", flat=True)
    )
    if Vintage.FINAL in done:
        raise Refusal(IndicatorsCode.VINTAGE_DONE, field="vintage", period=period)
    allowed = {Vintage.FIRST} if not done else {Vintage.FINAL}
    if done == {Vintage.FIRST}:
        allowed = {Vintage.REVISED, Vintage.FINAL}
    if vintage not in allowed:
        raise Refusal(
            IndicatorsCode.VINTAGE_ORDER,
            field="vintage",
            period=period,
            next=" / ".join(sorted(str(v.value) for v in allowed)),
        )


@action(
    "indicators.release.compute",
    ko="사건 기록을 지금까지 읽어 공표 단위를 모두 계산합니다.",
    en="Compute every cell of a release from the journal up to now.",
    policy=policies.may_prepare,
    letters={Role.ANALYST: "p"},
    subject=release_of,
    lock=lock_release,
    idempotent=True,
    long=True,
    audit_refusals=True,
    faces=("web", "api", "cli", "job"),
    writes=("indicators_run", "indicators_observation", "indicators_releasestep"),
    refusals=(IndicatorsCode.WRONG_STATE, IndicatorsCode.OUTSIDE_GRID, CoreCode.NOT_FOUND),
)
def compute_release(release_id: UuidText, *, actor: Actor) -> ReleaseRef:
    """Read the journal up to a cut that has no holes, and keep every cell with what is behind it.

    Source: definitions of the release; rules of the cut's day. Effects: one run, its observations.
    """
    release = subject(Release)
    demand(release, ReleaseState.DRAFTED, ReleaseState.COMPUTED, ReleaseState.CHECKED)
    versions = publishing.versions_of(release)
    window = Window(release.since, release.period, computing.cut_now(), clock.today())
    computed = computing.compute(versions, window)
    specs = publishing.specs_of(versions, window.day)
    run = Run.rows.create(
        release=release,
        at=clock.now(),
        cut_seq=window.cut,
        cut_day=window.day,
        events=computed.events,
        late=computed.late,
        code_hash=expressions.code_hash(),
        factors=publishing.factors_of(versions, window),
        root=publishing.root_of({k: c.measure for k, c in computed.cells.items()}, specs),
        audit=line().id,
    )
    progress.report("계산한 것을 적습니다", "Writing what was computed", 0, len(computed.cells))
    _write(run, {version.code: version.pk for version in versions}, computed.cells)
    line().changed("cut", None, window.cut)
    take_step(release, ReleaseState.COMPUTED, actor, run=run, root=run.root)
    return ReleaseRef(str(release.id), ReleaseState.COMPUTED.value)


_COLUMNS = (
    "run_id, version_id, breakdown, grain, period, place, num, den, state, reason, coverage_ppm, "
    "contributors, rows_read, audit"
)


def _write(run: Run, versions: dict[str, int], cells: dict[release_grid.Key, Cell]) -> None:
    statement = f"COPY indicators_observation ({_COLUMNS}) FROM STDIN"
    audit = line().id
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for key in sorted(cells):
            cell = cells[key]
            measure = cell.measure
            copy.write_row(
                (
                    run.pk,
                    versions[key.indicator],
                    key.breakdown,
                    key.grain,
                    key.period,
                    key.place,
                    measure.num,
                    measure.den,
                    str(measure.state),
                    measure.reason,
                    measure.coverage_ppm,
                    cell.contributors,
                    cell.rows_read,
                    audit,
                )
            )


@action(
    "indicators.release.check",
    ko="계산한 공표본을 공표 전 검사에 부칩니다.",
    en="Put a computed release to the checks before publication.",
    policy=policies.may_prepare,
    letters={Role.ANALYST: "p"},
    subject=release_of,
    lock=lock_release,
    idempotent=True,
    long=True,
    audit_refusals=True,
    faces=("web", "api", "cli", "job"),
    writes=("indicators_check", "indicators_releasestep"),
    refusals=(IndicatorsCode.WRONG_STATE, CoreCode.NOT_FOUND),
)
def check_release(release_id: UuidText, *, actor: Actor) -> ReleaseRef:
    """Ask every rule; one fault blocks the release.

    The bundle is made and verified as the public will verify it.
    """
    release = subject(Release)
    step = demand(release, ReleaseState.COMPUTED)
    run = step.run
    assert run is not None, "a computed release has its run"
    progress.report("묶음을 만들어 봅니다", "Making the bundle on trial", 0, len(checking.RULES))
    bundle, _ = publishing.pack(release, run, publishing.next_place(clock.now()))
    about = checking.Subject(release, run, publishing.versions_of(release), bundle)
    passed = True
    for number, (rule, ask) in enumerate(checking.RULES.items()):
        told = words.CHECKS[rule]
        progress.report(told.ko, told.en, number, len(checking.RULES))
        progress.stop_if_cancelled()
        faults = ask(about)
        passed = passed and not faults
        Check.rows.create(
            run=run,
            rule=rule,
            passed=not faults,
            faults=len(faults),
            worst_cell=faults[0][:120] if faults else "",
            audit=line().id,
        )
    state = ReleaseState.CHECKED if passed else ReleaseState.BLOCKED
    take_step(release, state, actor, run=run, root=run.root)
    return ReleaseRef(str(release.id), state.value)


@action(
    "indicators.release.reopen",
    ko="막힌 공표본을 초안으로 되돌립니다.",
    en="Take a blocked release back to its draft.",
    policy=policies.may_prepare,
    letters={Role.ANALYST: "p"},
    subject=release_of,
    lock=lock_release,
    idempotent=True,
    audit_refusals=True,
    writes=("indicators_releasestep",),
    refusals=(IndicatorsCode.WRONG_STATE, CoreCode.NOT_FOUND),
)
def reopen_release(release_id: UuidText, *, actor: Actor) -> ReleaseRef:
    """Go back to the draft; what was computed and found stays on record."""
    release = subject(Release)
    demand(release, ReleaseState.BLOCKED)
    take_step(release, ReleaseState.DRAFTED, actor)
    return ReleaseRef(str(release.id), ReleaseState.DRAFTED.value)

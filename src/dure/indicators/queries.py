"""Reads for the faces: published releases, their cells and files, definitions, the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from dure.core import clock, progress, rulebook
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.engines import release_files, release_grid, stored_zip
from dure.engines.release_grid import CITY
from dure.indicators import policies
from dure.indicators.models import (
    Check,
    DefinitionVersion,
    Release,
    ReleaseCell,
    ReleaseFile,
    ReleaseJob,
    ReleaseStep,
)
from dure.indicators.models.releases import ReleaseState, ReleaseVersion
from dure.registry.models import District

OPEN = "published releases are open to everybody"
DESK = "the desk shows every release to those whom its policy lets in"


@dataclass(frozen=True, slots=True)
class Published:
    """One frozen release, as the public sees it."""

    id: UUID
    number: int
    period: str
    since: str
    vintage: str
    synthetic: bool
    frozen_at: datetime
    cut_seq: int
    cut_day: date
    late: int
    root: str
    head: str
    previous: str
    zip_size: int
    zip_digest: str
    superseded: bool

    @property
    def name(self) -> str:
        """The name of its bundle, without extension."""
        return f"release-{self.number:04d}"


@dataclass(frozen=True, slots=True)
class Shown:
    """One published cell in words of the table."""

    code: str
    breakdown: str
    grain: str
    period: str
    place: str
    num: int | None
    den: int | None
    value: str
    state: str
    reason: str
    coverage_ppm: int | None


CELL_FIELDS = (
    "code", "breakdown", "grain", "period", "place", "num", "den", "value", "state", "reason",
    "coverage_ppm",
)  # fmt: skip


def releases() -> list[Published]:
    """All frozen releases, newest first."""
    superseded = ReleaseStep.rows.filter(release=OuterRef("release"), state=ReleaseState.SUPERSEDED)
    steps = (
        ReleaseStep.objects.everything(OPEN)
        .filter(state=ReleaseState.FROZEN)
        .select_related("release", "run")
        .annotate(is_superseded=Exists(superseded))
        .order_by("-number")
    )
    return [_published(step) for step in steps]


def _published(step: ReleaseStep) -> Published:
    run, release = step.run, step.release
    assert run is not None and step.number is not None, "a frozen release has run and number"
    return Published(
        id=release.pk,
        number=step.number,
        period=release.period,
        since=release.since,
        vintage=release.vintage,
        synthetic=release.synthetic,
        frozen_at=step.at,
        cut_seq=run.cut_seq,
        cut_day=run.cut_day,
        late=run.late,
        root=step.root,
        head=step.head,
        previous=step.previous,
        zip_size=step.zip_size or 0,
        zip_digest=step.zip_digest,
        superseded=bool(getattr(step, "is_superseded", False)),
    )


def newest_head() -> str:
    """The head at the end of the chain, empty before the first release: one small query."""
    found = ReleaseStep.objects.everything(OPEN).filter(state=ReleaseState.FROZEN)
    return found.order_by("-number").values_list("head", flat=True).first() or ""


def newest() -> Published | None:
    """The release that the dashboard shows: of the latest period, its latest vintage."""
    found = [release for release in releases() if not release.superseded]
    return max(found, key=lambda one: (release_grid.last_day(one.period), one.number), default=None)


def release_by_number(number: int) -> Published:
    """One frozen release. Raises NOT_FOUND."""
    for release in releases():
        if release.number == number:
            return release
    raise Refusal(CoreCode.NOT_FOUND)


def cells(release: Published, *places: str) -> dict[tuple[str, str, str, str], Shown]:
    """The cells of some places, by (indicator, breakdown, period, place)."""
    found = ReleaseCell.objects.everything(OPEN).filter(release_id=release.id, place__in=places)
    return _by_key(found.values_list(*CELL_FIELDS))


def cells_of_period(
    release: Published, period: str, codes: tuple[str, ...]
) -> dict[tuple[str, str, str, str], Shown]:
    """The cells of one period without breakdown, every place, for some indicators."""
    found = ReleaseCell.objects.everything(OPEN).filter(
        release_id=release.id, period=period, code__in=codes, breakdown=""
    )
    return _by_key(found.values_list(*CELL_FIELDS))


def _by_key(rows: object) -> dict[tuple[str, str, str, str], Shown]:
    shown = (Shown(*row) for row in rows)  # type: ignore[attr-defined]  # rows of a queryset
    return {(one.code, one.breakdown, one.period, one.place): one for one in shown}


def cell_table(release: Published, code: str, place: str) -> list[Shown]:
    """The cells of one indicator (and one place, unless empty), in their order."""
    found = ReleaseCell.objects.everything(OPEN).filter(release_id=release.id, code=code)
    if place:
        found = found.filter(place=place)
    ordered = found.order_by("breakdown", "grain", "period", "place")
    return [Shown(*row) for row in ordered.values_list(*CELL_FIELDS)]


def file(release: Published, path: str) -> bytes:
    """One file of a release. Raises NOT_FOUND."""
    found = (
        ReleaseFile.objects.everything(OPEN)
        .filter(release_id=release.id, path=path)
        .values_list("content", flat=True)
        .first()
    )
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return bytes(found)


def factors(release: Published) -> list[dict[str, str]]:
    """The factors that a release used, as its own table has them."""
    return release_files.read_table(release_files.FACTORS, file(release, "factors.csv"))


def file_names(release: Published) -> list[tuple[str, str]]:
    """The files of a release: path and SHA-256."""
    found = ReleaseFile.objects.everything(OPEN).filter(release_id=release.id)
    return list(found.order_by("path").values_list("path", "digest"))


def bundle(release: Published) -> bytes:
    """The container of a release, the same bytes whenever it is asked for."""
    found = ReleaseFile.objects.everything(OPEN).filter(release_id=release.id)
    return stored_zip.write({f.path: bytes(f.content) for f in found})


@dataclass(frozen=True, slots=True)
class Meaning:
    """One version of a definition, as its page tells it."""

    code: str
    version: int
    heading: str
    tile: int
    name_ko: str
    name_en: str
    unit: str
    aggregation: str
    disclosure: str
    measured: bool
    recomputable: bool
    numerator: str
    denominator: str
    known: str
    all_of: str
    floor_rule: str
    k_rule: str
    fte_rule: str
    better: str
    target_ppm: int | None
    grain_ko: str
    grain_en: str
    what_ko: str
    what_en: str
    excluded_ko: str
    excluded_en: str
    labels: tuple[str, ...]
    external: tuple[str, ...]
    factors: str
    valid_from: date
    digest: str


_MEANING = (
    "version", "tile", "name_ko", "name_en", "unit", "aggregation", "disclosure", "measured",
    "recomputable", "numerator", "denominator", "known", "all_of", "floor_rule", "k_rule",
    "fte_rule", "better", "target_ppm", "grain_ko", "grain_en", "what_ko", "what_en",
    "excluded_ko", "excluded_en", "factors", "digest", "valid_from",
)  # fmt: skip


def _meaning(row: DefinitionVersion) -> Meaning:
    return Meaning(
        code=row.code,
        heading=row.definition.heading,
        labels=tuple(row.labels),
        external=tuple(row.external),
        **{name: getattr(row, name) for name in _MEANING},
    )


def meanings(release: Published | None = None) -> list[Meaning]:
    """The definitions of a release, or the newest version of each, in the order of the file."""
    rows = DefinitionVersion.objects.everything(OPEN).select_related("definition")
    if release is not None:
        chosen = ReleaseVersion.rows.filter(release_id=release.id).values("version_id")
        return [_meaning(row) for row in rows.filter(pk__in=chosen).order_by("pk")]
    newest_of = {row.code: row for row in rows.order_by("version")}
    return [_meaning(row) for row in sorted(newest_of.values(), key=lambda row: row.pk)]


def meaning_versions(code: str) -> list[Meaning]:
    """Every version of one definition, newest first. Raises NOT_FOUND."""
    rows = DefinitionVersion.objects.everything(OPEN).select_related("definition")
    found = [_meaning(row) for row in rows.filter(definition_id=code).order_by("-version")]
    if not found:
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def districts() -> list[tuple[str, str, str]]:
    """Code, Korean and English name of the places of every grid, the city last."""
    rows = District.objects.everything(OPEN).order_by("sig")
    return [
        *((row.sig, row.name, row.name_en) for row in rows),
        (CITY, "서울특별시", "Seoul"),
    ]


def rule_text(key: str) -> tuple[str, str]:
    """The value of a rule today as text, and the version that says so."""
    found = rulebook.value(key)
    return str(found.value), str(found.version_id)


@dataclass(frozen=True, slots=True)
class Draft:
    """One release on the desk, with its last step and what the next one is."""

    id: UUID
    period: str
    since: str
    vintage: str
    state: str
    drafted_by: UUID
    drafted_at: datetime
    number: int | None
    events: int | None
    late: int | None
    cut_seq: int | None
    root: str
    run_id: UUID | None


def drafts() -> list[Draft]:
    """Every release, newest first."""
    last = ReleaseStep.rows.filter(release=OuterRef("pk")).order_by("-ordinal")
    rows = Release.objects.everything(DESK).order_by("-drafted_at")
    steps = {
        step.release_id: step
        for step in ReleaseStep.rows.filter(
            pk__in=rows.annotate(last=last.values("pk")[:1]).values("last")
        ).select_related("run")
    }
    numbers = dict(
        ReleaseStep.rows.filter(state=ReleaseState.FROZEN).values_list("release_id", "number")
    )
    return [_draft(row, steps[row.pk], numbers.get(row.pk)) for row in rows if row.pk in steps]


def draft(release_id: UUID) -> Draft:
    """One release on the desk. Raises NOT_FOUND."""
    for one in drafts():
        if one.id == release_id:
            return one
    raise Refusal(CoreCode.NOT_FOUND)


def _draft(row: Release, step: ReleaseStep, number: int | None) -> Draft:
    run = step.run
    return Draft(
        id=row.pk,
        period=row.period,
        since=row.since,
        vintage=row.vintage,
        state=step.state,
        drafted_by=row.drafted_by,
        drafted_at=row.drafted_at,
        number=number,
        events=run.events if run else None,
        late=run.late if run else None,
        cut_seq=run.cut_seq if run else None,
        root=step.root,
        run_id=run.pk if run else None,
    )


def steps_of(release_id: UUID) -> list[tuple[str, datetime]]:
    """The steps of a release: state and instant, oldest first."""
    rows = ReleaseStep.rows.filter(release_id=release_id).order_by("ordinal")
    return [(row.state, row.at) for row in rows]


def checks_of(run_id: UUID | None) -> list[tuple[str, bool, int, str]]:
    """The checks of a run: rule, passed, faults, worst cell (for the desk alone)."""
    rows = Check.rows.filter(run_id=run_id).order_by("pk") if run_id else []
    return [(row.rule, row.passed, row.faults, row.worst_cell) for row in rows]


def work_on(release_id: UUID) -> progress.View | None:
    """The newest job on a release, for those whom the desk lets in; None before the first."""
    last = ReleaseJob.rows.filter(release_id=release_id).order_by("-pk").first()
    return progress.look(last.job) if last else None


def preview(run_id: UUID | None) -> list[Shown]:
    """The city cells of the release's own period that a run would publish."""
    from dure.indicators.models import Observation

    if run_id is None:
        return []
    rows = Observation.rows.filter(run_id=run_id, breakdown="", place=CITY).select_related(
        "version"
    )
    period = Release.rows.get(runs=run_id).period
    return [
        Shown(row.version.code, "", row.grain, row.period, row.place, row.num, row.den, "",
              row.state, row.reason, row.coverage_ppm)
        for row in rows.filter(period=period).order_by("version__definition_id")
    ]  # fmt: skip


def may_see_desk(actor: Actor) -> bool:
    """Whether an actor (with grants) is let in to the desk."""
    return policies.may_see_desk.holds(actor, None, clock.now())


def may_step(actor: Actor, release_id: UUID, verb: str) -> bool:
    """Whether an actor (with grants) may take a step of a release: the policy of its action."""
    asked = {"approve": policies.may_approve, "freeze": policies.may_freeze}
    release = Release.rows.get(pk=release_id)
    return asked.get(verb, policies.may_prepare).holds(actor, release, clock.now())

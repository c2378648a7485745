"""Publish a release: a second person approves it, and it is frozen for ever (승인, 공표)."""

from __future__ import annotations

from hashlib import sha256

from django.db import connection

from dure.core import clock, facts, heads, progress
from dure.core.actions import action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import UuidText
from dure.engines import published_heads, release_files, release_hash
from dure.engines.release_bundle import Bundle, Contents
from dure.indicators import linking, policies, publishing
from dure.indicators.actions.releases import (
    ReleaseRef,
    demand,
    demand_vintage,
    lock_release,
    release_of,
    take_step,
)
from dure.indicators.errors import IndicatorsCode
from dure.indicators.models import Check, Release, ReleaseFile, Run
from dure.indicators.models.releases import ReleaseState
from dure.indicators.publishing import Place

_LETTERS = {Role.OFFICIAL: "d2"}
STAGES = 3


@action(
    "indicators.release.approve",
    ko="검사를 통과한 공표본을 승인합니다.",
    en="Approve a release that passed its checks.",
    policy=policies.may_approve,
    letters=_LETTERS,
    subject=release_of,
    lock=lock_release,
    idempotent=True,
    audit_refusals=True,
    writes=("indicators_releasestep",),
    refusals=(IndicatorsCode.WRONG_STATE, IndicatorsCode.BLOCKED, CoreCode.NOT_FOUND),
)
def approve_release(release_id: UuidText, *, actor: Actor) -> ReleaseRef:
    """Pin the cells by their root; whoever drafted the release cannot do this.

    Source: trust page, release: approve d2; the database asks again.
    """
    release = subject(Release)
    step = demand(release, ReleaseState.CHECKED)
    failed = list(Check.rows.filter(run=step.run, passed=False).values_list("rule", flat=True))
    if failed:
        raise Refusal(IndicatorsCode.BLOCKED, rules=", ".join(failed))
    take_step(release, ReleaseState.APPROVED, actor, run=step.run, root=step.root)
    return ReleaseRef(str(release.id), ReleaseState.APPROVED.value)


@action(
    "indicators.release.freeze",
    ko="승인된 공표본을 공표하고 영구히 굳힙니다.",
    en="Publish an approved release and freeze it for ever.",
    policy=policies.may_freeze,
    letters=_LETTERS,
    subject=release_of,
    lock=lock_release,
    idempotent=True,
    long=True,
    audit_refusals=True,
    faces=("web", "api", "cli", "job"),
    writes=(
        "indicators_releasecell",
        "indicators_releasefile",
        "indicators_releasestep",
        "core_sealhead",
        "core_publishedhead",
    ),
    labels=(linking.LABEL,),
    refusals=(
        IndicatorsCode.WRONG_STATE,
        IndicatorsCode.CHANGED_SINCE,
        IndicatorsCode.VINTAGE_ORDER,
        IndicatorsCode.VINTAGE_DONE,
        CoreCode.NOT_FOUND,
    ),
)
def freeze_release(release_id: UuidText, *, actor: Actor) -> ReleaseRef:
    """Write cells and files, seal them with the head of the chain, supersede older vintages.

    Whoever drafted or approved the release cannot do this; the database asks again.
    The heads of the other sealed chains go into the bundle and, with its own, on the public list.
    Each cell that a lower room may build on becomes a fact `indicator.released` in the journal.
    Source: indicators page; docs/open-data-format.md. Nothing of it can change afterwards.
    """
    release = subject(Release)
    step = demand(release, ReleaseState.APPROVED)
    run = step.run
    assert run is not None, "an approved release has its run"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('indicators.chain'))")
    heads.lock()
    demand_vintage(release.period, release.vintage)
    place = publishing.next_place(clock.now())
    progress.report("묶음을 만듭니다", "Making the bundle", 0, STAGES)
    bundle, contents = publishing.pack(release, run, place)
    if publishing.root_of(dict(contents.cells), dict(contents.specs)) != step.root:
        raise Refusal(IndicatorsCode.CHANGED_SINCE)
    progress.report("숫자를 적습니다", "Writing the numbers", 1, STAGES)
    _write_cells(release, contents)
    progress.report("파일을 적습니다", "Writing the files", 2, STAGES)
    _write_files(release, bundle)
    older = list(
        Release.rows.filter(period=release.period, steps__state="frozen").exclude(
            steps__state="superseded"
        )
    )
    for other in older:
        take_step(other, ReleaseState.SUPERSEDED, actor)
    take_step(
        release,
        ReleaseState.FROZEN,
        actor,
        run=run,
        root=step.root,
        number=place.number,
        head=bundle.head,
        previous=place.previous,
        zip_size=len(bundle.zip),
        zip_digest=sha256(bundle.zip).hexdigest(),
    )
    _publish_head(place, bundle.head, run)
    facts.note(linking.LABEL, rows=linking.rows(release, place, bundle.head, contents))
    line().changed("head", place.previous, bundle.head)
    return ReleaseRef(str(release.id), ReleaseState.FROZEN.value, place.number, bundle.head)


_COLUMNS = (
    "release_id, version_id, code, breakdown, grain, period, place, num, den, value, state, "
    "reason, coverage_ppm, leaf, audit"
)


def _write_cells(release: Release, contents: Contents) -> None:
    versions = {version.code: version.pk for version in publishing.versions_of(release)}
    statement = f"COPY indicators_releasecell ({_COLUMNS}) FROM STDIN"
    audit = line().id
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for key in sorted(contents.cells):
            measure = contents.cells[key]
            row = release_files.cell_row(key, measure, contents.specs[key.indicator])
            copy.write_row(
                (
                    release.pk,
                    versions[key.indicator],
                    key.indicator,
                    key.breakdown,
                    key.grain,
                    key.period,
                    key.place,
                    measure.num,
                    measure.den,
                    row[8],
                    str(measure.state),
                    measure.reason,
                    measure.coverage_ppm,
                    release_hash.leaf(release_files.cell_line(row)),
                    audit,
                )
            )


def _publish_head(place: Place, head: str, run: Run) -> None:
    """Move the chain of releases, and put the heads of this moment on the public list."""
    chain = published_heads.RELEASES
    heads.move(chain, number=place.number, digest=head, horizon=run.cut_seq)
    own = heads.Head(chain, place.number, head, place.at)
    heads.publish([*place.heads, heads.line_of("release", str(place.number), own)])


def _write_files(release: Release, bundle: Bundle) -> None:
    ReleaseFile.rows.bulk_create(
        ReleaseFile(
            release=release,
            path=path,
            content=content,
            digest=sha256(content).hexdigest(),
            audit=line().id,
        )
        for path, content in bundle.files.items()
    )

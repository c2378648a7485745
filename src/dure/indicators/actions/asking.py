"""Hand the long steps of a release to the worker: compute, check, freeze (계산·검사·공표를 맡김).

A second click, or a second window, meets the job that waits or runs already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dure.core import clock, jobs, progress
from dure.core.actions import action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode
from dure.core.types import UuidText
from dure.indicators import policies
from dure.indicators.actions.releases import demand, lock_release, release_of
from dure.indicators.errors import IndicatorsCode
from dure.indicators.models import Release, ReleaseJob
from dure.indicators.models.releases import ReleaseState

BEFORE = {
    "compute": (ReleaseState.DRAFTED, ReleaseState.COMPUTED, ReleaseState.CHECKED),
    "check": (ReleaseState.COMPUTED,),
    "freeze": (ReleaseState.APPROVED,),
}


@dataclass(frozen=True, slots=True)
class ReleaseJobRef:
    """A release and the job that works on it."""

    id: str
    job: str


@action(
    "indicators.release.ask",
    ko="공표본의 계산이나 검사를 일꾼에게 맡깁니다.",
    en="Have the worker compute or check a release.",
    policy=policies.may_prepare,
    letters={Role.ANALYST: "p"},
    subject=release_of,
    lock=lock_release,
    idempotent=True,
    audit_refusals=True,
    writes=("indicators_releasejob",),
    refusals=(IndicatorsCode.WRONG_STATE, CoreCode.NOT_FOUND),
)
def ask_step(
    release_id: UuidText, step: Literal["compute", "check"], *, actor: Actor
) -> ReleaseJobRef:
    """Write the job in this transaction; policy and state are asked again when it runs."""
    return _ask(subject(Release), step, actor)


@action(
    "indicators.release.ask_freeze",
    ko="승인된 공표본의 공표를 일꾼에게 맡깁니다.",
    en="Have the worker publish and freeze an approved release.",
    policy=policies.may_freeze,
    letters={Role.OFFICIAL: "d2"},
    subject=release_of,
    lock=lock_release,
    idempotent=True,
    audit_refusals=True,
    writes=("indicators_releasejob",),
    refusals=(IndicatorsCode.WRONG_STATE, CoreCode.NOT_FOUND),
)
def ask_freeze(release_id: UuidText, *, actor: Actor) -> ReleaseJobRef:
    """Write the job in this transaction; policy and state are asked again when it runs."""
    return _ask(subject(Release), "freeze", actor)


def _ask(release: Release, verb: str, actor: Actor) -> ReleaseJobRef:
    demand(release, *BEFORE[verb])
    line().object("indicators.release", release.id)
    last = ReleaseJob.rows.filter(release=release, verb=verb).order_by("-pk").first()
    if last is not None and not progress.look(last.job).is_over:
        return ReleaseJobRef(str(release.id), str(last.job))
    name = f"indicators.release.{verb}"
    job = jobs.later(name, {"release_id": str(release.id)}, actor).id
    ReleaseJob.rows.create(
        release=release, verb=verb, job=job, asked_at=clock.now(), audit=line().id
    )
    line().changed("job", None, job)
    return ReleaseJobRef(str(release.id), job)

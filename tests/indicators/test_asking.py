"""The long steps of a release are handed to the worker: once, safe to leave, told when refused."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from dure.core import progress
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.models import Progress
from dure.indicators import queries
from dure.indicators.models import Release, ReleaseJob, ReleaseStep
from tests.harness import people
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.worker import work_off
from tests.indicators.facts import Freeze, Journal

MAPO = people.MAPO


def drafted(analyst: Actor) -> str:
    body = {"period": "2026-Q3", "since": "2026-01", "vintage": "1"}
    release: str = run("indicators.release.draft", body, analyst).result.id
    return release


def ask(release: str, step: str, actor: Actor, key: str | None = None) -> str:
    body = {"release_id": release, "step": step}
    job: str = run("indicators.release.ask", body, actor, key=key).result.job
    return job


def state_of(release: str) -> str:
    return str(ReleaseStep.rows.filter(release=release).order_by("-ordinal")[0].state)


def test_two_clicks_and_a_second_window_are_one_job(journal: Journal, analyst: Actor) -> None:
    release = drafted(analyst)
    first = ask(release, "compute", analyst, key="k1")
    assert ask(release, "compute", analyst, key="k1") == first
    assert ask(release, "compute", analyst, key="k2") == first
    assert ReleaseJob.rows.count() == 1
    assert state_of(release) == "drafted"
    assert work_off() == 1
    assert state_of(release) == "computed"
    assert ask(release, "compute", analyst) != first


def test_a_release_is_made_by_the_worker_alone(commits: str, clock: Clock) -> None:
    clock.at("2026-11-21T18:00:00+09:00")
    analyst = people.person_with(people.Role.ANALYST, purpose="indicators")
    official, publisher = (people.person_with(people.Role.OFFICIAL, district=MAPO) for _ in "12")
    release = drafted(analyst)
    for step in ("compute", "check"):
        job = ask(release, step, analyst)
        assert progress.look(job).state == "waiting"
        work_off()
        view = progress.look(job)
        assert (view.state, view.done <= view.total, view.total > 0) == ("done", True, True)
    run("indicators.release.approve", {"release_id": release}, official)
    run("indicators.release.ask_freeze", {"release_id": release}, publisher)
    work_off()
    assert state_of(release) == "frozen"
    assert [one.number for one in queries.releases()] == [1]


def test_a_refused_job_is_told_and_may_be_asked_again(commits: str, clock: Clock) -> None:
    clock.at("2026-11-21T18:00:00+09:00")
    analyst = people.person_with(people.Role.ANALYST, purpose="indicators")
    release = drafted(analyst)
    first = ask(release, "compute", analyst)
    Progress.rows.filter(job=first).update(cancel_asked=True)
    work_off()
    view = queries.work_on(Release.rows.get().pk)
    assert view is not None and (view.state, view.refusal) == ("cancelled", "core.cancelled")
    assert state_of(release) == "drafted"
    assert ask(release, "compute", analyst) != first
    work_off()
    assert state_of(release) == "computed"


def test_asking_out_of_order_or_as_another_is_refused_and_writes_no_job(
    journal: Journal, analyst: Actor, official: Actor
) -> None:
    release = drafted(analyst)
    with pytest.raises(Refusal, match=r"wrong_state"):
        ask(release, "check", analyst)
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        ask(release, "compute", official)
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        run("indicators.release.ask_freeze", {"release_id": release}, analyst)
    assert ReleaseJob.rows.count() == 0
    assert work_off() == 0


def approved(analyst: Actor, official: Actor) -> str:
    release = drafted(analyst)
    for verb, actor in (("compute", analyst), ("check", analyst), ("approve", official)):
        run(f"indicators.release.{verb}", {"release_id": release}, actor)
    return release


def test_who_approved_a_release_does_not_freeze_it(
    journal: Journal, analyst: Actor, official: Actor, publisher: Actor
) -> None:
    release = approved(analyst, official)
    for verb in ("freeze", "ask_freeze"):
        with pytest.raises(Refusal, match=r"core\.not_allowed") as refused:
            run(f"indicators.release.{verb}", {"release_id": release}, official)
        assert "(somebody who did not approve it)" in refused.value.sentence("en")
    frozen = run("indicators.release.freeze", {"release_id": release}, publisher)
    assert frozen.result.state == "frozen"


def test_the_database_too_refuses_the_approver(
    journal: Journal, analyst: Actor, official: Actor, publisher: Actor
) -> None:
    release = Release.rows.get(pk=approved(analyst, official))
    last = release.steps.order_by("-ordinal")[0]

    def freeze(actor: Actor) -> None:
        with transaction.atomic(), given() as audit:
            ReleaseStep.rows.create(
                release=release, ordinal=last.ordinal + 1, state="frozen", at=last.at,
                actor=actor.id, run=last.run, root=last.root, number=1, head="a" * 64,
                previous="0" * 64, audit=audit,
            )  # fmt: skip

    with pytest.raises(DatabaseError, match="approver_does_not_freeze"):
        freeze(official)
    freeze(publisher)


def test_an_official_of_an_organisation_publishes_nothing(
    journal: Journal, freeze: Freeze, analyst: Actor, official: Actor
) -> None:
    """Publishing takes a mandate over a district or the city."""
    from dure.core import clock
    from dure.core.actors import Grant, Role
    from dure.indicators import policies

    release, now = Release.rows.get(pk=drafted(analyst)), clock.now()
    for kind, may in (("organisation", False), ("district", True), ("city", True)):
        actor = official.with_grants((Grant(Role.OFFICIAL, kind, MAPO),))
        assert policies.may_freeze.holds(actor, release, now) is may

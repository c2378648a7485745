"""The steps of a release: their order, who may take them, and that the database holds both."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.indicators import checking, publishing
from dure.indicators.models import (
    Check,
    Release,
    ReleaseCell,
    ReleaseStep,
)
from tests.harness import people
from tests.harness.given import given
from tests.indicators.facts import MAPO, Freeze, Journal, drafted


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"period": "2026-Q4", "since": "2026-01"}, "indicators.period_open"),
        ({"period": "2026-Q3", "since": "2026-08"}, "indicators.bad_period"),
        ({"period": "2026-07", "since": "2026-01"}, "core.bad_field"),
        ({"period": "２０２５", "since": "2025-01"}, "core.bad_field"),
        ({"period": "2026-Q3", "since": "2026-01", "vintage": "3"}, "core.bad_field"),
        ({"period": "2026-Q3", "since": "2026-01", "extra": "x"}, "core.bad_field"),
    ],
)
def test_a_draft_that_cannot_be_is_refused(
    journal: Journal, analyst: Actor, body: dict[str, str], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        run("indicators.release.draft", body, analyst)
    assert refused.value.name == code
    assert Release.rows.count() == 0


def test_steps_out_of_order_are_refused(journal: Journal, analyst: Actor, official: Actor) -> None:
    body = drafted(analyst)
    for verb, actor in (("check", analyst), ("approve", official), ("freeze", official)):
        with pytest.raises(Refusal) as refused:
            run(f"indicators.release.{verb}", body, actor)
        assert refused.value.name == "indicators.release.wrong_state"


def test_nobody_approves_or_freezes_an_own_draft(journal: Journal, official: Actor) -> None:
    both = people.person_with(people.Role.ANALYST, purpose="indicators")
    people.mandate(both.id or "", people.Role.OFFICIAL, district=MAPO)
    body = drafted(both)
    run("indicators.release.compute", body, both)
    run("indicators.release.check", body, both)
    with pytest.raises(Refusal) as refused:
        run("indicators.release.approve", body, both)
    assert refused.value.name == "core.not_allowed"
    run("indicators.release.approve", body, official)
    with pytest.raises(Refusal):
        run("indicators.release.freeze", body, both)
    assert ReleaseCell.rows.count() == 0


def test_the_database_too_refuses_the_drafter(
    journal: Journal, analyst: Actor, official: Actor
) -> None:
    body = drafted(analyst)
    run("indicators.release.compute", body, analyst)
    run("indicators.release.check", body, analyst)
    release = Release.rows.get(id=body["release_id"])
    last = release.steps.order_by("-ordinal")[0]

    def approve(actor: Actor, root: str) -> None:
        with transaction.atomic(), given() as audit:
            ReleaseStep.rows.create(
                release=release, ordinal=last.ordinal + 1, state="approved", at=last.at,
                actor=actor.id, run=last.run, root=root, audit=audit,
            )  # fmt: skip

    with pytest.raises(DatabaseError, match="drafter_does_not_approve"):
        approve(analyst, last.root)
    with pytest.raises(DatabaseError, match="not_what_was_checked"):
        approve(official, "0" * 64)
    approve(official, last.root)


def test_a_failed_check_blocks_and_the_page_names_the_rule(
    journal: Journal, analyst: Actor, official: Actor, settings: object
) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]  # pytest-django's settings
    factor = journal.factor(synthetic=True)
    journal.repair("2026-07-10", factor=factor, gco2e=1)
    body = drafted(analyst)
    run("indicators.release.compute", body, analyst)
    checked = run("indicators.release.check", body, analyst)
    assert checked.result.state == "blocked"
    assert list(Check.rows.filter(passed=False).values_list("rule", flat=True)) == [
        "made_up_data_says_so"
    ]
    with pytest.raises(Refusal):
        run("indicators.release.approve", body, official)
    assert run("indicators.release.reopen", body, analyst).result.state == "drafted"


def test_rows_that_vanished_from_the_journal_block_a_release(
    journal: Journal, freeze: Freeze, analyst: Actor
) -> None:
    """A run that read less than the frozen one stands in for a journal that lost rows."""
    journal.repair("2026-07-10")
    body = drafted(analyst)
    run("indicators.release.compute", body, analyst)
    older = Release.rows.get(id=body["release_id"])
    read_less = older.steps.order_by("-ordinal")[0].run
    assert read_less is not None
    bundle, _ = publishing.pack(older, read_less, publishing.next_place(read_less.at))
    about = checking.Subject(older, read_less, publishing.versions_of(older), bundle)
    assert checking.nothing_shrank(about) == []
    journal.repair("2026-07-12")
    freeze()
    assert "N4 month 2026-07 11440" in checking.nothing_shrank(about)


def test_the_same_key_drafts_once(journal: Journal, analyst: Actor) -> None:
    body = {"period": "2026-Q3", "since": "2026-01"}
    first = run("indicators.release.draft", body, analyst, key="k1")
    again = run("indicators.release.draft", body, analyst, key="k1")
    assert (again.replayed, again.result.id, Release.rows.count()) == (True, first.result.id, 1)


def test_three_synthetic_people_freeze_the_demo(
    journal: Journal, analyst: Actor, official: Actor, publisher: Actor
) -> None:
    journal.repair("2026-07-10")
    frozen = run("indicators.demo.release", {}, Actor.operator(), key="demo").result
    assert (frozen.state, frozen.number) == ("frozen", 1)
    release = Release.rows.get(id=frozen.id)
    assert (release.period, release.since, release.synthetic) == ("2026-Q3", "2025-01", True)
    actors = dict(release.steps.values_list("state", "actor"))
    assert actors["drafted"] == analyst.id
    assert {actors["approved"], actors["frozen"]} == {official.id, publisher.id}
    assert run("indicators.demo.release", {}, Actor.operator(), key="demo").replayed


def test_of_two_drafts_of_one_vintage_only_the_first_is_frozen(
    journal: Journal, analyst: Actor, official: Actor, publisher: Actor, freeze: Freeze
) -> None:
    second = drafted(analyst)
    for verb, actor in (("compute", analyst), ("check", analyst), ("approve", official)):
        run(f"indicators.release.{verb}", second, actor)
    freeze()
    with pytest.raises(Refusal) as refused:
        run("indicators.release.freeze", second, publisher)
    assert refused.value.name == "indicators.vintage_order"
    assert ReleaseStep.rows.filter(state="frozen").count() == 1

"""Jobs, notices and the rulebook: the smallest story of each, through the door."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage
from django.db import connection

from dure.core import actions, jobs, notices, progress, rulebook, sending
from dure.core.actors import Actor
from dure.core.clock import SEOUL
from dure.core.errors import CoreCode, Refusal
from dure.core.models import AuditLine, Notice, NoticePreference, Progress, Rule, RuleVersion
from dure.core.text import T
from tests.harness.clock import Clock
from tests.harness.probe import probing

QUIET = (time(21), time(8))


def kst(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+09:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-07-01T20:59:59", "2026-07-01T20:59:59"),
        ("2026-07-01T21:00:00", "2026-07-02T08:00:00"),
        ("2026-07-02T07:59:59", "2026-07-02T08:00:00"),
        ("2026-07-02T08:00:00", "2026-07-02T08:00:00"),
    ],
)
def test_day_notice_waits_for_the_end_of_quiet_hours(at: str, due: str) -> None:
    assert notices.due_at(kst(at), Notice.Urgency.DAY, QUIET).astimezone(SEOUL).isoformat() == (
        f"{due}+09:00"
    )


@pytest.mark.parametrize(
    ("own", "at", "due"),
    [
        (("12:00", "14:00"), "2026-07-01T13:00", "2026-07-01T14:00"),
        (("12:00", "14:00"), "2026-07-01T14:00", "2026-07-01T14:00"),
        # her own end within the house's quiet hours: the house's stand, too
        (("12:00", "22:00"), "2026-07-01T13:00", "2026-07-02T08:00"),
        (("07:00", "09:30"), "2026-07-01T22:00", "2026-07-02T09:30"),
        # the two leave no moment of the day: her own end is hers, and it is kept when it comes
        (("08:00", "22:00"), "2026-07-01T09:00", "2026-07-01T22:00"),
        (("08:00", "22:00"), "2026-07-01T22:00", "2026-07-01T22:00"),
    ],
)
def test_own_quiet_hours_never_shorten_the_houses(own: tuple[str, str], at: str, due: str) -> None:
    row = Notice(urgency="day")
    start, end = (time.fromisoformat(one) for one in own)
    wish = NoticePreference(mail=True, push=True, quiet_from=start, quiet_to=end)
    assert notices.preferred(row, wish, kst(at), QUIET) == ("day", kst(due))


def test_notice_of_urgency_now_passes_quiet_hours() -> None:
    night = kst("2026-07-01T23:00:00")
    assert notices.due_at(night, Notice.Urgency.NOW, QUIET) == night


def test_digest_waits_for_the_next_morning_even_by_day() -> None:
    noon = kst("2026-07-01T12:00:00")
    assert notices.due_at(noon, Notice.Urgency.DIGEST, QUIET) == kst("2026-07-02T08:00:00")


def test_estimate_is_silent_before_two_percent() -> None:
    assert progress.estimate(timedelta(seconds=10), 1, 100) is None
    assert progress.estimate(timedelta(seconds=10), 2, 100) == timedelta(seconds=490)


def test_rulebook_is_installed_and_a_second_run_adds_nothing(db: None) -> None:
    before = RuleVersion.rows.count()
    assert actions.run("core.rulebook.install", {}, Actor.operator()).result.new_versions == 0
    assert RuleVersion.rows.count() == before
    assert rulebook.value("notice.quiet").value == ["21:00", "08:00"]


def test_missing_rule_is_refused_by_name(db: None) -> None:
    with pytest.raises(Refusal) as caught:
        rulebook.value("no.such_rule")
    assert caught.value.name == "core.rule_missing"
    assert "no.such_rule" in caught.value.sentence("en")


class Letter:
    """A sealed address that opens only outside a transaction."""

    def __init__(self, address: str) -> None:
        self.address = address

    def open(self) -> notices.Ways:
        assert not connection.in_atomic_block
        return notices.Ways(self.address)


def test_notice_is_mailed_once_in_both_languages(
    commits: str, clock: Clock, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    clock.at("2026-07-01T12:00:00+09:00")
    person = uuid4()
    monkeypatch.setattr(notices.ADDRESS, "_function", lambda who: Letter("resident@example.test"))
    told = {"job": str(uuid4()), "person": str(person), "action": "core.x", "refused": False}
    actions.run("core.job.tell", told, Actor.timer("core.job"))
    assert (sending.send_due(), sending.send_due()) == (1, 0)
    assert [(m.to, m.subject) for m in mailoutbox] == [
        (["resident@example.test"], "맡긴 일이 끝났습니다 · Your task is done")
    ]
    assert Notice.rows.get(person=person).state == "sent"


def test_notice_without_address_goes_to_the_desk(
    commits: str, clock: Clock, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    clock.at("2026-07-01T12:00:00+09:00")
    monkeypatch.setattr(notices.ADDRESS, "_function", lambda who: None)
    told = {"job": str(uuid4()), "person": str(uuid4()), "action": "core.x", "refused": True}
    actions.run("core.job.tell", told, Actor.timer("core.job"))
    assert sending.send_due() == 0
    assert [row.state for row in Notice.rows.all()] == ["desk"]
    assert mailoutbox == []


def test_failed_mail_waits_then_goes_to_the_desk(
    commits: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = clock.at("2026-07-01T12:00:00+09:00")
    monkeypatch.setattr(notices.ADDRESS, "_function", lambda who: Letter("resident@example.test"))

    def broken(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(sending, "_mail", broken)
    told = {"job": str(uuid4()), "person": str(uuid4()), "action": "core.x", "refused": True}
    actions.run("core.job.tell", told, Actor.timer("core.job"))
    waits = []
    for _ in range(4):
        sending.send_due()
        row = Notice.rows.get()
        waits.append((row.due_at - at).total_seconds() / 60)
        at = clock.at(row.due_at)
    assert waits == [1, 5, 30, 240]
    sending.send_due()
    assert Notice.rows.get().state == "desk"


def test_later_is_only_callable_inside_an_action(db: None) -> None:
    with pytest.raises(AssertionError):
        jobs.later("core.rulebook.install", {}, Actor.operator())


def test_a_job_runs_once_though_the_worker_runs_it_twice(commits: str) -> None:
    job = uuid4()
    Progress.rows.create(job=job, action="core.rulebook.install", asked_at=datetime.now(UTC))
    before = AuditLine.rows.count()
    for _ in range(2):
        jobs.run_job(str(job), "core.rulebook.install", {}, "operator", None, "operator", None)
    assert AuditLine.rows.count() == before + 1
    assert Progress.rows.get(job=job).state == "done"


def test_a_refused_job_says_why_on_its_progress(commits: str) -> None:
    job = uuid4()
    Progress.rows.create(job=job, action="core.rulebook.install", asked_at=datetime.now(UTC))
    jobs.run_job(str(job), "core.rulebook.install", {}, "timer", None, "x", None)
    row = Progress.rows.get(job=job)
    assert (row.state, row.refusal) == ("refused", "core.not_allowed")


def test_sending_with_nothing_due_writes_no_line(db: None) -> None:
    before = AuditLine.rows.count()
    assert sending.send_due() == 0
    assert AuditLine.rows.count() == before


def test_job_stands_and_falls_with_its_action(db: None) -> None:
    def ask(actor: Actor) -> None:
        jobs.later("core.rulebook.install", {}, actor)

    def ask_then_refuse(actor: Actor) -> None:
        ask(actor)
        raise Refusal(CoreCode.STATE_CHANGED, state="x")

    body = {"key": "test.one", "words": "두레"}
    with probing(then=ask):
        actions.run("test.rule.write", body, Actor.operator())
    assert waiting_jobs() == 1
    with probing(then=ask_then_refuse), pytest.raises(Refusal):
        actions.run("test.rule.write", body, Actor.operator())
    assert waiting_jobs() == 1
    assert Progress.rows.filter(action="core.rulebook.install").count() == 1


def waiting_jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs"
            " WHERE task_name = 'core.run_action' AND status = 'todo'"
        )
        (found,) = cursor.fetchone()
    return int(found)


def test_long_job_reports_and_is_cancelled_before_its_commit(commits: str) -> None:
    job = uuid4()

    def work(actor: Actor) -> None:
        progress.report("읽는 중", "reading", 1, 2)
        row = Progress.rows.using("side").get(job=job)
        assert (row.stage_en, row.done, row.total, row.state) == ("reading", 1, 2, "running")
        Progress.rows.using("side").filter(job=job).update(cancel_asked=True)

    Progress.rows.create(job=job, action="test.rule.write", asked_at=datetime.now(UTC))
    body = {"key": "test.one", "words": "두레", "count": 1}
    with probing(then=work, long=True):
        jobs.run_job(str(job), "test.rule.write", body, "operator", None, "operator", None)
    row = Progress.rows.get(job=job)
    assert (row.state, row.refusal) == ("cancelled", "core.cancelled")
    assert not Rule.rows.filter(key="test.one").exists()


def test_progress_is_written_at_most_once_a_second_within_a_stage(commits: str) -> None:
    job = uuid4()
    Progress.rows.create(job=job, action="x", asked_at=datetime.now(UTC))
    with progress.running_job(job):
        progress.report("하나", "one", 1, 100)
        progress.report("하나", "one", 2, 100)
        assert Progress.rows.get(job=job).done == 1
        progress.report("둘", "two", 3, 100)
        assert Progress.rows.get(job=job).done == 3
        progress.report("둘", "two", 100, 100)
        assert Progress.rows.get(job=job).done == 100


def test_template_keeps_places_out_of_its_subject() -> None:
    with pytest.raises(AssertionError, match="personal"):
        notices.template("t.x", subject=T("%(n)s", "x"), text=T("가.", "a."))

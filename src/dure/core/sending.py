"""Sending notices: take what is due, open the ways to each reader after the commit, send, settle.

Law: at least once. A process that dies between mail and settling sends again after ten minutes.
A notice has reached its reader when one of the ways took it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q

from dure.core import clock, notices, pushing
from dure.core.actions import Who, action, line, run
from dure.core.actors import EVERY_PERSON, Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.models.work import Notice, NoticePreference
from dure.core.notices import ADDRESS, GONE, Device, Sealed, Ways
from dure.core.policies import is_person, is_timer
from dure.core.text import T
from dure.core.types import CodeText, UuidText

BATCH = 200
WAITS_MINUTES = (1, 5, 30, 240)
STUCK = timedelta(minutes=10)
NEWS = T("오늘의 소식", "News of the day")

_taken: ContextVar[list[tuple[UUID, UUID, Sealed | None]] | None] = ContextVar(
    "dure_taken", default=None
)


@dataclass(frozen=True, slots=True)
class NoticeCount:
    """How many notices an action touched."""

    count: int


def _due(now: object) -> Q:
    waiting = Q(state=Notice.State.WAITING, due_at__lte=now)
    stuck = Q(state=Notice.State.SENDING, taken_at__lte=clock.now() - STUCK)
    return waiting | stuck


@action(
    "core.notice.take",
    ko="보낼 때가 된 알림을 집습니다.",
    en="Take the notices that are due.",
    policy=is_timer,
    letters={},
    who=Who.TIMER,
    faces=("job",),
    writes=("core_notice",),
)
def take_notices(*, actor: Actor) -> NoticeCount:
    """Mark due notices as being sent and ask the vault for their addresses, each read logged."""
    now = clock.now()
    rows = list(
        Notice.rows.select_for_update(skip_locked=True).filter(_due(now)).order_by("due_at")[:BATCH]
    )
    collected = _taken.get()
    sealed: dict[UUID, Sealed | None] = {}
    wishes, hours = _wishes(rows), notices.quiet()
    taken = 0
    for row in rows:
        urgency, due = notices.preferred(row, wishes.get(row.person), now, hours)
        if due > now:
            row.urgency, row.due_at = urgency, due
            continue
        taken += 1
        row.state, row.taken_at, row.tries = Notice.State.SENDING, now, row.tries + 1
        if row.person not in sealed:
            sealed[row.person] = ADDRESS.call(row.person) if ADDRESS.is_plugged else None
        if collected is not None:
            collected.append((row.id, row.person, sealed[row.person]))
    Notice.rows.bulk_update(rows, ["state", "taken_at", "tries", "urgency", "due_at"])
    line().changed("count", 0, taken)
    return NoticeCount(taken)


def _wishes(rows: Iterable[Notice]) -> dict[UUID, NoticePreference]:
    """How the readers of these notices want to be told, of those who said so."""
    found: dict[UUID, NoticePreference] = NoticePreference.rows.in_bulk(
        {row.person for row in rows}
    )
    return found


@action(
    "core.notice.settle",
    ko="보낸 알림의 결과를 적습니다.",
    en="Write what became of the notices sent.",
    policy=is_timer,
    letters={},
    who=Who.TIMER,
    faces=("job",),
    writes=("core_notice",),
)
def settle_notices(
    sent: list[UuidText], failed: list[UuidText], unknown: list[UuidText], *, actor: Actor
) -> NoticeCount:
    """Mark notices as sent; those that failed wait 1, 5, 30 min, 4 h, then go to the desk."""
    now = clock.now()
    rows = list(
        Notice.rows.select_for_update()
        .filter(id__in=[*sent, *failed, *unknown], state=Notice.State.SENDING)
        .order_by("id")
    )
    for row in rows:
        if str(row.id) in sent:
            row.state, row.sent_at = Notice.State.SENT, now
        elif str(row.id) in unknown or row.tries > len(WAITS_MINUTES):
            row.state = Notice.State.DESK
        else:
            row.state = Notice.State.WAITING
            row.due_at = now + timedelta(minutes=WAITS_MINUTES[row.tries - 1])
    Notice.rows.bulk_update(rows, ["state", "sent_at", "due_at"])
    line().changed("sent", None, len(sent))
    line().changed("failed", None, len(failed))
    return NoticeCount(len(rows))


def _own_notice(body: object, actor: Actor) -> Notice:
    number = body.notice_id  # type: ignore[attr-defined]  # the drawn body
    row: Notice | None = Notice.rows.filter(id=number, person=actor.id).first()
    if row is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return row


@action(
    "core.notice.see",
    ko="알림을 읽은 것으로 둡니다.",
    en="Mark a notice as read.",
    policy=is_person,
    letters=EVERY_PERSON,
    subject=_own_notice,
    writes=("core_notice",),
)
def see_notice(notice_id: UuidText, *, actor: Actor) -> NoticeCount:
    """Mark one notice of one's own as read."""
    changed = Notice.rows.filter(id=notice_id, seen_at__isnull=True).update(seen_at=clock.now())
    line().object("core.notice", notice_id)
    return NoticeCount(changed)


JOB_DONE = notices.template(
    "core.job.done",
    subject=T("맡긴 일이 끝났습니다", "Your task is done"),
    text=T(
        "맡긴 일이 끝났습니다. 결과를 확인해 주세요.",
        "Your task is done. Please look at its result.",
    ),
    path="/me/jobs/%(job)s",
)
JOB_REFUSED = notices.template(
    "core.job.refused",
    subject=T("맡긴 일을 하지 못했습니다", "Your task was not done"),
    text=T(
        "맡긴 일을 하지 못했습니다. 까닭을 확인해 주세요.",
        "Your task was not done. Please look at the reason.",
    ),
    path="/me/jobs/%(job)s",
)


@action(
    "core.job.tell",
    ko="맡긴 일이 어떻게 되었는지 알립니다.",
    en="Tell a person how a task ended.",
    policy=is_timer,
    letters={},
    who=Who.TIMER,
    idempotent=True,
    faces=("job",),
    writes=("core_notice",),
)
def tell_of_job(
    job: UuidText, person: UuidText, action: CodeText, refused: bool, *, actor: Actor
) -> NoticeCount:
    """Write one notice about the end of a job."""
    notices.tell(person, JOB_REFUSED if refused else JOB_DONE, places={"job": job})
    return NoticeCount(1)


def send_due() -> int:
    """Send what is due now; gives the number of mails. Called by the worker each minute."""
    if not Notice.rows.filter(_due(clock.now())).exists():
        return 0
    timer = Actor.timer("core.notices")
    collected: list[tuple[UUID, UUID, Sealed | None]] = []
    token = _taken.set(collected)
    try:
        run("core.notice.take", {}, timer)
    finally:
        _taken.reset(token)
    sent: list[str] = []
    failed: list[str] = []
    unknown: list[str] = []
    mails = 0
    rows = {row.id: row for row in Notice.rows.filter(id__in=[one for one, _, _ in collected])}
    wishes = _wishes(rows.values())
    for (person, _), group in _letters(collected, rows).items():
        ids = [str(row.id) for row, _ in group]
        told, wish = [row for row, _ in group], wishes.get(person)
        ways = _wanted(group[0][1], wish)
        if not ways.mail and not ways.devices:
            wants_the_page_alone = wish is not None and not (wish.mail and wish.push)
            (sent if wants_the_page_alone else unknown).extend(ids)
            continue
        mailed = _mailed(ways.mail, told)
        reached = _pushed(person, ways.devices, told) or mailed
        (sent if reached else failed).extend(ids)
        mails += mailed
    run("core.notice.settle", {"sent": sent, "failed": failed, "unknown": unknown}, timer)
    return mails


def _letters(
    collected: list[tuple[UUID, UUID, Sealed | None]], rows: dict[UUID, Notice]
) -> dict[tuple[UUID, UUID | None], list[tuple[Notice, Sealed | None]]]:
    """Group what goes into one mail: the digest of a person; every other notice alone."""
    letters: dict[tuple[UUID, UUID | None], list[tuple[Notice, Sealed | None]]] = defaultdict(list)
    for notice_id, person, sealed in collected:
        row = rows[notice_id]
        alone = None if row.urgency == Notice.Urgency.DIGEST else notice_id
        letters[person, alone].append((row, sealed))
    return letters


def _wanted(sealed: Sealed | None, wish: NoticePreference | None) -> Ways:
    """The ways to a reader that are there and that she did not turn off."""
    ways = sealed.open() if sealed is not None else Ways()
    if wish is None:
        return ways
    return Ways(ways.mail if wish.mail else None, ways.devices if wish.push else ())


def _mailed(address: str | None, told: list[Notice]) -> bool:
    if not address:
        return False
    try:
        _mail(address, told)
    except OSError:
        return False
    return True


def _pushed(person: UUID, devices: tuple[Device, ...], told: list[Notice]) -> bool:
    """Whether a push service took the message for one device at least; a device that its service
    does not know any more is forgotten."""
    if not devices:
        return False
    first = notices.message(told[0])
    subject, path = (NEWS, "/me/notices/") if len(told) > 1 else (first.subject, first.path)
    done = pushing.send(devices, pushing.Words(f"{subject.ko} · {subject.en}", path))
    for slot, became in done.items():
        if became is pushing.Sent.GONE and GONE.is_plugged:
            GONE.call(person, slot)
    return pushing.Sent.TAKEN in done.values()


def _mail(address: str, group: list[Notice]) -> None:
    messages = [notices.message(row) for row in group]
    first = messages[0].subject
    subject = NEWS if len(messages) > 1 else first
    base = getattr(settings, "DURE_ADDRESS", "")
    korean = "\n\n".join(f"{m.text.ko}\n{base}{m.path}" for m in messages)
    english = "\n\n".join(f"{m.text.en}\n{base}/en{m.path}" for m in messages)
    EmailMessage(
        subject=f"{subject.ko} · {subject.en}", body=f"{korean}\n\n---\n\n{english}\n", to=[address]
    ).send()

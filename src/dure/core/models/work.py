"""What stands around an action: progress of long work, notices to people, files, downloads."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from dure.core.models.base import AppendOnlyModel, DomainModel


class Progress(models.Model):
    """How far a job is. Written beside the action on a second connection, so it has no door."""

    class State(models.TextChoices):
        WAITING = "waiting", "기다림"
        RUNNING = "running", "하는 중"
        DONE = "done", "끝남"
        REFUSED = "refused", "거절됨"
        CANCELLED = "cancelled", "취소됨"
        FAILED = "failed", "실패"

    job = models.UUIDField("작업", primary_key=True, default=uuid4, editable=False)
    owner = models.UUIDField("맡긴 사람", null=True)
    action = models.CharField("행위", max_length=80)
    state = models.CharField("상태", max_length=10, choices=State.choices, default="waiting")
    stage_ko = models.CharField("단계", max_length=80, blank=True, default="")
    stage_en = models.CharField("단계(영어)", max_length=80, blank=True, default="")
    done = models.BigIntegerField("한 만큼", default=0)
    total = models.BigIntegerField("모두", default=0)
    asked_at = models.DateTimeField("맡긴 시각")
    started_at = models.DateTimeField("시작한 시각", null=True)
    stage_at = models.DateTimeField("단계를 시작한 시각", null=True)
    seen_at = models.DateTimeField("마지막으로 본 시각", null=True)
    ended_at = models.DateTimeField("끝난 시각", null=True)
    cancel_asked = models.BooleanField("취소를 바람", default=False)
    line = models.UUIDField("감사 기록", null=True)
    refusal = models.CharField("거절 코드", max_length=80, blank=True, default="")
    refusal_ko = models.CharField("거절한 까닭", max_length=500, blank=True, default="")
    refusal_en = models.CharField("거절한 까닭(영어)", max_length=500, blank=True, default="")

    rows: ClassVar[models.Manager[Any]] = models.Manager()  # Any: as in DomainModel

    class Meta:
        verbose_name = "진행"
        default_manager_name = "rows"
        indexes = (models.Index(fields=("owner", "asked_at"), name="progress_by_owner"),)


class Notice(DomainModel):
    """One message to one person, written in the action and sent after its commit (발송 대기함)."""

    class Urgency(models.TextChoices):
        NOW = "now", "바로"
        DAY = "day", "낮에"
        DIGEST = "digest", "모아서"

    class State(models.TextChoices):
        WAITING = "waiting", "기다림"
        SENDING = "sending", "보내는 중"
        SENT = "sent", "보냄"
        DESK = "desk", "창구에서 전함"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.UUIDField("받는 사람")
    template = models.CharField("글", max_length=80)
    places = models.JSONField("자리", default=dict)
    channels = models.JSONField("통로", default=list)
    urgency = models.CharField("급함", max_length=6, choices=Urgency.choices, default="day")
    state = models.CharField("상태", max_length=7, choices=State.choices, default="waiting")
    made_at = models.DateTimeField("쓴 시각")
    due_at = models.DateTimeField("보낼 시각")
    tries = models.SmallIntegerField("보낸 횟수", default=0)
    taken_at = models.DateTimeField("집은 시각", null=True)
    sent_at = models.DateTimeField("보낸 시각", null=True)
    seen_at = models.DateTimeField("읽은 시각", null=True)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "알림"
        indexes = (
            models.Index(
                fields=("due_at",), name="notice_due", condition=Q(state__in=("waiting", "sending"))
            ),
            models.Index(fields=("person", "made_at"), name="notice_by_person"),
        )


class NoticePreference(DomainModel):
    """How one person wants to be told; without a row, by every way that is known, at once."""

    person = models.UUIDField("사람", primary_key=True, editable=False)
    mail = models.BooleanField("전자우편으로", default=True)
    push = models.BooleanField("기기로", default=True)
    digest = models.BooleanField("하루 한 번 모아서", default=False)
    quiet_from = models.TimeField("조용한 시간 시작", null=True)
    quiet_to = models.TimeField("조용한 시간 끝", null=True)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "알림 설정"
        constraints = (
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="preference_quiet_hours_have_both_ends",
            ),
        )


class Upload(DomainModel):
    """A file that somebody handed in; its bytes lie under their hash outside the web root."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner = models.UUIDField("주인")
    scope_kind = models.CharField("범위", max_length=12, default="person")
    scope_id = models.CharField("범위 대상", max_length=40)
    sha256 = models.CharField("해시", max_length=64)
    kind = models.CharField("종류", max_length=40)
    size = models.BigIntegerField("크기")
    encrypted_with = models.CharField("열쇠", max_length=60, blank=True, default="")
    made_at = models.DateTimeField("받은 시각")
    keep_until = models.DateField("보관 기한", null=True)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "올린 파일"
        constraints = (
            models.CheckConstraint(condition=Q(size__gte=0), name="upload_size_not_negative"),
        )


class ExportRecord(AppendOnlyModel):
    """One download: who, what query and columns, how many rows, why, its hash and its end."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    actor_kind = models.CharField("받은 쪽", max_length=12)
    actor = models.UUIDField("받은 사람", null=True)
    kind = models.CharField("내용", max_length=60)
    format = models.CharField("꼴", max_length=10)
    query = models.JSONField("조건", default=dict)
    columns = models.JSONField("열", default=list)
    row_count = models.BigIntegerField("행 수")
    size = models.BigIntegerField("크기")
    sha256 = models.CharField("해시", max_length=64)
    reason = models.CharField("이유", max_length=500, blank=True, default="")
    watermark = models.CharField("표지", max_length=40)
    made_at = models.DateTimeField("만든 시각")
    expires_at = models.DateTimeField("기한")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "내려받은 기록"
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("made_at")), name="export_ends_after_it_began"
            ),
            models.CheckConstraint(condition=Q(row_count__gte=0), name="export_rows_not_negative"),
        )

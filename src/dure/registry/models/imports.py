"""Lists that people bring: one import, its rows in staging, and the columns they chose."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from dure.core.actors import Actor, Role

from .places import District
from .rows import RegistryRow


class Import(RegistryRow):
    """One list: brought, judged, answered, applied as a whole, and perhaps undone.

    `scope_key` is the hash of bytes, mapping, scope and year: the same list again is the first
    answer again. `district` is NULL for a list of the whole city.
    """

    class State(models.TextChoices):
        OPENED = "opened", "열 맞추기"
        JUDGED = "judged", "확인하기"
        REFUSED = "refused", "거절됨"
        APPLIED = "applied", "저장됨"
        UNDONE = "undone", "되돌림"
        CANCELLED = "cancelled", "취소됨"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    district = models.ForeignKey(District, models.PROTECT, null=True, verbose_name="자치구")
    year = models.SmallIntegerField("자료 연도")
    state = models.CharField("상태", max_length=9, choices=State.choices, default="opened")
    file_name = models.CharField("파일 이름", max_length=200)
    spool = models.CharField("받은 파일", max_length=32, blank=True, default="")
    sha256 = models.CharField("해시", max_length=64)
    size = models.BigIntegerField("크기")
    kind = models.CharField("꼴", max_length=4)
    encoding = models.CharField("인코딩", max_length=12, blank=True, default="")
    sheet = models.CharField("시트", max_length=100, blank=True, default="")
    sheets = models.JSONField("시트 목록", default=list)
    labels = models.JSONField("제목", default=list)
    columns = models.JSONField("열", default=list)
    header_line = models.IntegerField("제목 줄")
    scope_key = models.CharField("같은 목록 열쇠", max_length=64, blank=True, default="")
    counts = models.JSONField("줄 수", default=dict)
    totals = models.JSONField("합계 줄", default=list)
    answers = models.JSONField("답", default=dict)
    job = models.UUIDField("작업", null=True)
    opener = models.UUIDField("올린 사람", null=True)
    approver = models.UUIDField("승인한 사람", null=True)
    opened_at = models.DateTimeField("올린 시각")
    judged_at = models.DateTimeField("판정 시각", null=True)
    applied_at = models.DateTimeField("저장 시각", null=True)
    applied_line = models.UUIDField("저장한 감사 기록", null=True)
    ended_at = models.DateTimeField("끝난 시각", null=True)

    class Meta(RegistryRow.Meta):
        verbose_name = "명단 올리기"
        constraints = (
            models.UniqueConstraint(
                fields=("scope_key",),
                condition=Q(state="applied"),
                name="import_of_one_list_is_applied_once",
            ),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | ~Q(approver=models.F("opener")),
                name="import_approver_is_not_the_opener",
            ),
            models.CheckConstraint(
                condition=Q(state="applied", applied_line__isnull=False)
                | Q(state="undone", applied_line__isnull=False)
                | ~Q(state__in=("applied", "undone")),
                name="import_applied_names_its_line",
            ),
        )
        indexes = (models.Index(fields=("opener", "opened_at"), name="import_by_opener"),)

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Lists of the districts where the actor is staff or official, and one's own."""
        roles = (Role.STAFF, Role.OFFICIAL)
        everywhere = any(g.role in roles and g.scope_kind == "city" for g in actor.grants)
        if everywhere or actor.has(Role.OPERATOR):
            return Q()
        codes = {g.scope_id for g in actor.grants if g.role in roles and g.scope_kind == "district"}
        own = Q(opener=actor.id) if actor.id else Q(pk__in=[])
        return Q(district__in=codes) | own


class ImportRow(RegistryRow):
    """One row in staging: what it would write. Emptied some days after the import ended.

    Numbers, address and contacts of a sole trader are never here in clear.
    """

    class Against(models.TextChoices):
        NEW = "new", "새로"
        SAME = "same", "같음"
        CHANGE = "change", "바뀜"

    id = models.BigAutoField(primary_key=True)
    # Written by one action alone, which locks the import: 10^5 deferred checks would find nothing.
    imp = models.ForeignKey(
        Import, models.CASCADE, related_name="rows_staged", db_index=False, db_constraint=False
    )
    line = models.IntegerField("줄")
    verdict = models.CharField("판정", max_length=6)
    issues = models.JSONField("까닭", null=True)
    held = models.BooleanField("미뤄 둠", default=False)
    against = models.CharField("등록부와", max_length=6, choices=Against.choices)
    organisation = models.UUIDField("조직")
    changes = models.JSONField("바뀌는 값", null=True)
    name = models.CharField("이름", max_length=100, db_collation="C")
    name_key = models.TextField("정렬 열쇠", db_collation="C")
    jamo_keys = models.TextField("자모 열쇠", db_collation="C")
    initials_keys = models.TextField("초성 열쇠", db_collation="C")
    form = models.CharField("법적 형태", max_length=12)
    kind = models.CharField("유형", max_length=20)
    org_state = models.CharField("상태", max_length=10)
    district = models.CharField("자치구", max_length=5)
    address = models.CharField("주소", max_length=200)
    biz = models.CharField("사업자등록번호", max_length=10, null=True)
    corp = models.CharField("법인등록번호", max_length=13, null=True)
    biz_token = models.BinaryField("사업자 토큰", max_length=32, null=True)
    corp_token = models.BinaryField("법인 토큰", max_length=32, null=True)
    founded = models.DateField("설립일", null=True)
    ended = models.DateField("종료일", null=True)
    members = models.BigIntegerField("조합원 수", null=True)
    capital = models.BigIntegerField("출자금", null=True)
    parent_key = models.TextField("소속 열쇠", db_collation="C")
    mail = models.CharField("메일", max_length=200)
    phone = models.CharField("전화", max_length=40)
    web = models.CharField("누리집", max_length=200)

    class Meta(RegistryRow.Meta):
        verbose_name = "올린 줄"
        constraints = (
            models.UniqueConstraint(fields=("imp", "line"), name="importrow_is_one_line_of_a_file"),
        )


class ImportMapping(RegistryRow):
    """Which field a person last chose for each label of one header set, in one scope."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.CharField("범위", max_length=40)
    header = models.CharField("제목 해시", max_length=32)
    fields = models.JSONField("열", default=dict)

    class Meta(RegistryRow.Meta):
        verbose_name = "기억한 열"
        constraints = (
            models.UniqueConstraint(
                fields=("scope", "header"), name="importmapping_is_one_a_scope_and_header"
            ),
        )

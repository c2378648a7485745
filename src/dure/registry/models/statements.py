"""What is said of an organisation, by whom and for when: states, statuses, yearly values, edits."""

from __future__ import annotations

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from .organisations import CLOSED, Organisation, end_of_valid
from .rows import RegistryFact, RegistryRow


class EvidenceClass(models.TextChoices):
    """How well a statement is known, as the journal's evidence classes."""

    STATED = "A", "스스로 말함"
    CONFIRMED = "B", "상대가 확인함"
    ISSUED = "C", "발급 기관 서류"


class OrgState(RegistryRow):
    """What the organisation is doing, dated; closed is the last."""

    class State(models.TextChoices):
        PREPARING = "preparing", "준비중"
        OPERATING = "operating", "운영중"
        PAUSED = "paused", "휴업"
        CLOSED = "closed", "폐업"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="states"
    )
    state = models.CharField("운영 상태", max_length=10, choices=State.choices)
    valid = DateRangeField("기간")

    class Meta(RegistryRow.Meta):
        verbose_name = "운영 상태"
        constraints = (
            models.UniqueConstraint(
                F("organisation"), end_of_valid(), name="orgstate_one_state_a_day_by_end"
            ),
            ExclusionConstraint(
                name="orgstate_one_state_a_day",
                expressions=(
                    ("organisation", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ),
                condition=CLOSED,
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(valid__upper_inf=True),
                name="orgstate_closed_is_the_last",
            ),
        )


class OrgStatus(RegistryRow):
    """What the organisation is by law or certificate, dated; several at once."""

    class Status(models.TextChoices):
        CONSUMER = "coop.consumer", "소비자협동조합"
        PRODUCER = "coop.producer", "생산자협동조합"
        WORKER = "coop.worker", "직원협동조합"
        MULTI = "coop.multi", "다중이해관계자협동조합"
        SOCIAL = "coop.social", "사회적협동조합"
        ENTERPRISE = "se.certified", "인증 사회적기업"
        PRELIMINARY = "se.preliminary", "예비사회적기업"
        VENTURE = "venture.social", "소셜벤처"
        VILLAGE = "village", "마을기업"
        SELF_SUPPORT = "selfsupport", "자활기업"
        LAND_TRUST = "land_trust", "토지신탁"
        PLATFORM = "platform_coop", "플랫폼협동조합"
        DATA = "data_coop", "데이터협동조합"
        FEDERATION = "federation", "연합회"
        ANCHOR = "anchor", "앵커기관"
        BUYER = "buyer", "공공 구매기관"
        SCHOOL = "school", "학교"
        SUPPORT_CENTRE = "support_centre", "지원센터"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="statuses"
    )
    code = models.CharField("자격", max_length=20, choices=Status.choices)
    issuer = models.CharField("발급 기관", max_length=100, blank=True, default="")
    certificate = models.CharField("증서 번호", max_length=60, blank=True, default="")
    evidence_upload = models.UUIDField("증빙", null=True)
    evidence_class = models.CharField(
        "증거 등급", max_length=1, choices=EvidenceClass.choices, default="A"
    )
    valid = DateRangeField("기간")

    class Meta(RegistryRow.Meta):
        verbose_name = "자격"
        constraints = (
            models.UniqueConstraint(
                F("organisation"),
                F("code"),
                end_of_valid(),
                name="orgstatus_held_once_a_day_by_end",
            ),
            ExclusionConstraint(
                name="orgstatus_held_once_a_day",
                expressions=(
                    ("organisation", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ),
                condition=CLOSED,
            ),
            models.CheckConstraint(
                condition=~Q(evidence_class="C")
                | (~Q(issuer="") & (~Q(certificate="") | Q(evidence_upload__isnull=False))),
                name="orgstatus_of_class_c_names_issuer_and_paper",
            ),
            models.CheckConstraint(
                condition=Q(evidence_class__in=("A", "B", "C")), name="orgstatus_has_a_class"
            ),
        )
        indexes = (models.Index(fields=("code", "organisation"), name="orgstatus_by_code"),)


class OrgYear(RegistryFact):
    """One value of one year as somebody stated it; a correction is a new row that names the old."""

    class Kind(models.TextChoices):
        SALES = "sales", "매출"
        HEADS = "heads", "고용 인원"
        FTE_MINUTES = "fte_minutes", "월 노동시간(분)"
        MEMBERS = "members", "조합원 수"
        CAPITAL = "capital", "출자금"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="years"
    )
    year = models.SmallIntegerField("연도")
    kind = models.CharField("항목", max_length=12, choices=Kind.choices)
    value = models.BigIntegerField("값")
    source = models.CharField("출처", max_length=200)
    evidence_class = models.CharField(
        "증거 등급", max_length=1, choices=EvidenceClass.choices, default="A"
    )
    corrects = models.OneToOneField("self", models.PROTECT, null=True, verbose_name="바로잡는 값")
    stated_at = models.DateTimeField("적은 시각")

    class Meta(RegistryFact.Meta):
        verbose_name = "연간 신고값"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "year", "kind", "corrects"),
                nulls_distinct=False,
                name="orgyear_is_stated_once_and_then_corrected",
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="orgyear_is_not_negative"),
            models.CheckConstraint(
                condition=Q(year__range=(1900, 2200)), name="orgyear_is_a_calendar_year"
            ),
        )


class OrgEdit(RegistryRow):
    """A proposed correction and what became of it."""

    class Field(models.TextChoices):
        NAME = "name", "이름"
        NAME_EN = "name_en", "영문 이름"
        ADDRESS = "address", "주소"
        PHONE = "phone", "전화"
        MAIL = "mail", "전자우편"
        WEB = "web", "누리집"
        FOUNDED_ON = "founded_on", "설립일"

    class State(models.TextChoices):
        PROPOSED = "proposed", "검토 기다림"
        ACCEPTED = "accepted", "반영함"
        DECLINED = "declined", "반영하지 않음"
        WITHDRAWN = "withdrawn", "거둠"
        STALE = "stale", "그사이 바뀜"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="edits")
    field = models.CharField("고칠 칸", max_length=10, choices=Field.choices)
    old = models.CharField("지금 값", max_length=200, blank=True)
    new = models.CharField("고칠 값", max_length=200)
    why = models.CharField("이유", max_length=500, blank=True, default="")
    proposer = models.UUIDField("제안한 사람")
    reviewer = models.UUIDField("검토한 사람", null=True)
    answer = models.CharField("답", max_length=500, blank=True, default="")
    state = models.CharField("상태", max_length=10, choices=State.choices, default="proposed")
    proposed_at = models.DateTimeField("제안 시각")
    reviewed_at = models.DateTimeField("검토 시각", null=True)

    class Meta(RegistryRow.Meta):
        verbose_name = "수정 제안"
        constraints = (
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("proposer")),
                name="orgedit_reviewer_is_not_the_proposer",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("proposed", "withdrawn")) | Q(reviewer__isnull=False),
                name="orgedit_answer_names_its_reviewer",
            ),
        )
        indexes = (models.Index(fields=("state", "proposed_at"), name="orgedit_waiting"),)


class Merge(RegistryRow):
    """Two rows that are one organisation: a pointer that can be taken back, nothing moves."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "승인 기다림"
        APPROVED = "approved", "합침"
        DECLINED = "declined", "합치지 않음"
        UNDONE = "undone", "되돌림"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kept = models.ForeignKey(Organisation, models.PROTECT, related_name="merges_kept")
    other = models.ForeignKey(Organisation, models.PROTECT, related_name="merges_other")
    evidence = models.CharField("근거", max_length=500)
    chosen = models.JSONField("고른 값", default=dict)
    before = models.JSONField("합치기 전 값", default=dict)
    state = models.CharField("상태", max_length=10, choices=State.choices, default="proposed")
    proposer = models.UUIDField("제안한 사람")
    approver = models.UUIDField("승인한 사람", null=True)
    proposed_at = models.DateTimeField("제안 시각")
    decided_at = models.DateTimeField("결정 시각", null=True)

    class Meta(RegistryRow.Meta):
        verbose_name = "합치기"
        constraints = (
            models.CheckConstraint(
                condition=~Q(kept=F("other")), name="merge_takes_two_organisations"
            ),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | ~Q(approver=F("proposer")),
                name="merge_approver_is_not_the_proposer",
            ),
            models.UniqueConstraint(
                fields=("other",),
                condition=Q(state__in=("proposed", "approved")),
                name="merge_of_an_organisation_is_open_once",
            ),
        )

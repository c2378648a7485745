"""Proposals: residents' ideas, every version kept, with their people, comments and merges."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from dure.core.models import AppendOnlyModel, DomainModel

from .calls import Call, Envelope, Field, kept_q

if TYPE_CHECKING:
    from dure.core.actors import Actor


class Proposal(DomainModel):
    """One idea in one call. What it says stands in its versions."""

    class State(models.TextChoices):
        SENT = "sent", "보냄"
        RETURNED = "returned", "돌려보냄"
        ACCEPTED = "accepted", "받아들임"
        MERGED = "merged", "합쳐짐"
        WITHDRAWN = "withdrawn", "거둠"
        REJECTED = "rejected", "부적격"
        PROJECT = "project", "사업이 됨"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="proposals", verbose_name="공모")
    number = models.IntegerField("번호")
    state = models.CharField("상태", max_length=9, choices=State.choices, default=State.SENT)
    author = models.UUIDField("제안한 사람")
    author_name = models.CharField("보이는 이름", max_length=40, blank=True, default="")
    version_count = models.SmallIntegerField("판 수", default=1)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", verbose_name="합쳐진 제안"
    )
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="again", verbose_name="지난해의 제안"
    )
    state_reason = models.CharField("까닭", max_length=1000, blank=True, default="")
    received_at = models.DateTimeField("받은 시각")
    entered_at = models.DateTimeField("상태가 된 시각")
    is_hidden = models.BooleanField("가려짐", default=False)
    is_synthetic = models.BooleanField("가상 자료", default=False)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "제안"
        constraints = (
            models.UniqueConstraint(fields=("call", "number"), name="proposal_number_once_a_call"),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | Q(~Q(state="merged"), merged_into__isnull=True),
                name="proposal_merged_names_its_target",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="proposal_is_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("returned", "rejected")) | ~Q(state_reason=""),
                name="proposal_sent_back_has_a_reason",
            ),
        )
        indexes = (models.Index(fields=("author",), name="proposal_by_author"),)

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Public unless hidden; its authors and those who work for the call see all."""
        found = Q(is_hidden=False) | kept_q(actor, "call__")
        if actor.id is None:
            return found
        joined = ProposalPerson.rows.filter(person=actor.id, role="coauthor", left_at=None)
        return found | Q(author=actor.id) | Q(pk__in=joined.values("proposal"))


class ProposalVersion(AppendOnlyModel):
    """What a proposal says since a moment; never changed, the newest counts."""

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="versions")
    number = models.SmallIntegerField("판")
    title = models.CharField("제목", max_length=100)
    need = models.TextField("왜 필요한가요", max_length=5000)
    benefits = models.CharField("누구에게 좋은가요", max_length=500, blank=True, default="")
    place = models.CharField("곳", max_length=200, blank=True, default="")
    dong = models.CharField("행정동 코드", max_length=10, blank=True, default="")
    latitude_e5 = models.IntegerField("위도(10만분의 1도)", null=True)
    longitude_e5 = models.IntegerField("경도(10만분의 1도)", null=True)
    estimate_won = models.BigIntegerField("어림한 돈(원)", null=True)
    envelope = models.ForeignKey(
        Envelope, models.PROTECT, null=True, related_name="+", verbose_name="재원"
    )
    field = models.ForeignKey(
        Field, models.PROTECT, null=True, related_name="+", verbose_name="분야"
    )
    change_note = models.CharField("바꾼 까닭", max_length=500, blank=True, default="")
    made_by = models.UUIDField("쓴 사람")
    made_at = models.DateTimeField("쓴 시각")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "제안의 판"
        constraints = (
            models.UniqueConstraint(fields=("proposal", "number"), name="version_number_once"),
            models.CheckConstraint(
                condition=Q(latitude_e5__isnull=True, longitude_e5__isnull=True)
                | Q(
                    latitude_e5__range=(3_300_000, 4_300_000),
                    longitude_e5__range=(12_400_000, 13_200_000),
                ),
                name="version_point_is_in_korea",
            ),
            models.CheckConstraint(
                condition=Q(estimate_won__isnull=True) | Q(estimate_won__gte=0),
                name="version_estimate_not_negative",
            ),
        )


class ProposalPhoto(AppendOnlyModel):
    """A photo of one version of a proposal; the file is an upload of core."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(ProposalVersion, models.PROTECT, related_name="photos")
    upload = models.UUIDField("파일")
    alt = models.CharField("사진 설명", max_length=200)
    position = models.SmallIntegerField("차례", default=0)
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "제안 사진"
        constraints = (
            models.UniqueConstraint(fields=("version", "upload"), name="photo_once_a_version"),
        )


class ProposalPerson(DomainModel):
    """A co-author or supporter of a proposal; the author stands on the proposal itself."""

    class Role(models.TextChoices):
        COAUTHOR = "coauthor", "함께 제안"
        SUPPORTER = "supporter", "공감"

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="people")
    person = models.UUIDField("사람")
    role = models.CharField("역할", max_length=9, choices=Role.choices)
    shown_name = models.CharField("보이는 이름", max_length=40, blank=True, default="")
    joined_at = models.DateTimeField("함께한 시각")
    left_at = models.DateTimeField("그만둔 시각", null=True)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "함께한 사람"
        constraints = (
            models.UniqueConstraint(fields=("proposal", "person"), name="person_once_a_proposal"),
        )
        indexes = (models.Index(fields=("person",), name="proposalperson_by_person"),)


class Comment(AppendOnlyModel):
    """What somebody said to a proposal; hidden, never erased, by moderation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="comments")
    person = models.UUIDField("쓴 사람")
    shown_name = models.CharField("보이는 이름", max_length=40, blank=True, default="")
    text = models.CharField("말", max_length=2000)
    at = models.DateTimeField("쓴 시각")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "댓글"
        indexes = (models.Index(fields=("proposal", "at"), name="comment_by_proposal"),)


class Moderation(AppendOnlyModel):
    """A comment, photo or proposal hidden or shown again, with its public reason."""

    class Target(models.TextChoices):
        PROPOSAL = "proposal", "제안"
        COMMENT = "comment", "댓글"
        PHOTO = "photo", "사진"

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="moderations")
    target = models.CharField("무엇을", max_length=8, choices=Target.choices)
    target_id = models.CharField("무엇의 번호", max_length=40)
    hidden = models.BooleanField("가림")
    reason_code = models.CharField("까닭 부호", max_length=20)
    reason = models.CharField("까닭", max_length=500)
    by = models.UUIDField("누가")
    at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "글 살피기"
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="moderation_has_a_reason"),
        )


class ModerationAppeal(AppendOnlyModel):
    """The one note of whoever wrote what was hidden; a later act on the same thing answers it."""

    id = models.BigAutoField(primary_key=True)
    moderation = models.OneToOneField(Moderation, models.PROTECT, related_name="appeal")
    text = models.CharField("말", max_length=1000)
    by = models.UUIDField("쓴 사람")
    at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "가림에 대한 이의"
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="moderation_appeal_says_why"),
        )


class MergeOffer(DomainModel):
    """One proposal asked to go into another; needs the consent of every author of both."""

    class State(models.TextChoices):
        OPEN = "open", "동의를 기다림"
        DONE = "done", "합쳐짐"
        REFUSED = "refused", "거절됨"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Proposal, models.PROTECT, related_name="offers_out")
    target = models.ForeignKey(Proposal, models.PROTECT, related_name="offers_in")
    text = models.CharField("까닭", max_length=1000)
    state = models.CharField("상태", max_length=7, choices=State.choices, default=State.OPEN)
    offered_by = models.UUIDField("권한 사람")
    offered_at = models.DateTimeField("권한 시각")
    decided_at = models.DateTimeField("정해진 시각", null=True)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "합치기 권유"
        constraints = (
            models.CheckConstraint(condition=~Q(source=F("target")), name="merge_of_two_proposals"),
            models.UniqueConstraint(
                fields=("source",), condition=Q(state="open"), name="merge_offered_once_at_a_time"
            ),
        )


class MergeConsent(AppendOnlyModel):
    """One author's answer to a merge offer."""

    id = models.BigAutoField(primary_key=True)
    offer = models.ForeignKey(MergeOffer, models.PROTECT, related_name="consents")
    person = models.UUIDField("사람")
    agrees = models.BooleanField("동의")
    at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "합치기 답"
        constraints = (
            models.UniqueConstraint(fields=("offer", "person"), name="merge_answered_once"),
        )

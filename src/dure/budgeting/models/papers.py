"""Paper ballots (종이 표): batches typed by two people, merged once when both say the same."""

from __future__ import annotations

import uuid

from django.db import models

from dure.core.models import AppendOnlyModel

from .calls import Call


class PaperBatch(AppendOnlyModel):
    """A bundle of papers of one part of the roll, counted out of a box after the vote closed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="batches", verbose_name="공모")
    code = models.CharField("묶음", max_length=20)
    part = models.CharField("행정동", max_length=10, blank=True, default="")
    made_by = models.UUIDField("누가")
    made_at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "종이 표 묶음"
        constraints = (
            models.UniqueConstraint(fields=("call", "code"), name="paperbatch_code_once_a_call"),
        )


class PaperEntry(AppendOnlyModel):
    """A whole batch as one person typed it; a later typing of the same person stands for it.

    slips   : [serial, [codes], [points] or null] in the order of the serials; [serial, null, null]
              is a paper that counts for nothing
    is_done : false while the person has more papers of the batch to type
    """

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(
        PaperBatch, models.PROTECT, related_name="entries", verbose_name="묶음"
    )
    person = models.UUIDField("누가")
    take = models.SmallIntegerField("몇 번째")
    slips = models.JSONField("적은 표")
    is_done = models.BooleanField("다 적음", default=True)
    at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "종이 표 입력"
        constraints = (
            models.UniqueConstraint(
                fields=("batch", "person", "take"), name="paperentry_take_once_a_person"
            ),
        )


class PaperLook(AppendOnlyModel):
    """What somebody who typed none of it read on a paper on which the two typings differ.

    slip : as in a typing; null = there is no such paper. The newest look at a serial stands.
    """

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(PaperBatch, models.PROTECT, related_name="looks", verbose_name="묶음")
    serial = models.CharField("일련번호", max_length=20)
    slip = models.JSONField("적은 표", null=True)
    person = models.UUIDField("누가")
    at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "종이 표 다시 보기"


class PaperMatch(AppendOnlyModel):
    """That a batch was typed alike by two people and its ballots were merged: once.

    Written by `urn.match_paper` alone; the application reads it.
    """

    database_grants = ("SELECT",)

    id = models.BigAutoField(primary_key=True)
    batch = models.OneToOneField(
        PaperBatch, models.PROTECT, related_name="match", verbose_name="묶음"
    )
    slips = models.IntegerField("표")
    by = models.UUIDField("누가")
    at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "종이 표 맞춤"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(slips__gte=0), name="papermatch_slips_from_none_up"
            ),
        )

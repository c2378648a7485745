"""Meeting points: public places where rides begin and end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from dure.core.models import DomainModel

if TYPE_CHECKING:
    from dure.core.actors import Actor


class MeetingPoint(DomainModel):
    """A public place of a district, known by its code for good; coordinates to about ten metres.

    `closing`: no ride is offered or asked for there any more, what was agreed stands.
    `retired_at`: on no list; old rides still name it.
    """

    class Kind(models.TextChoices):
        STATION = "station", "역"
        BUS_STOP = "bus_stop", "버스 정류장"
        PARKING = "parking", "공영 주차장"
        OFFICE = "office", "주민센터·구청"
        LIBRARY = "library", "도서관"
        MARKET = "market", "시장"
        PARK = "park", "공원"
        SCHOOL = "school", "학교"
        HOSPITAL = "hospital", "병원·보건소"
        SQUARE = "square", "광장·그 밖의 공공장소"

    code = models.CharField("부호", max_length=40, primary_key=True)
    district = models.ForeignKey(
        "registry.District", models.PROTECT, related_name="+", verbose_name="자치구"
    )
    kind = models.CharField("갈래", max_length=8, choices=Kind.choices)
    ko = models.CharField("이름", max_length=60)
    en = models.CharField("영문 이름", max_length=60)
    latitude_e5 = models.IntegerField("위도(10만분의 1도)")
    longitude_e5 = models.IntegerField("경도(10만분의 1도)")
    is_closing = models.BooleanField("더 고르지 않음", default=False)
    created_at = models.DateTimeField("만든 시각")
    retired_at = models.DateTimeField("내린 시각", null=True)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "만나는 곳"
        ordering = ("district", "ko")
        constraints = (
            models.CheckConstraint(
                condition=Q(latitude_e5__range=(3_300_000, 3_900_000))
                & Q(longitude_e5__range=(12_400_000, 13_200_000)),
                name="point_lies_in_korea",
            ),
            models.UniqueConstraint(
                fields=("district", "ko"),
                condition=Q(retired_at__isnull=True),
                name="point_name_once_a_district",
            ),
        )

    def __str__(self) -> str:
        return self.ko

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Meeting points are public places, and public."""
        return Q()

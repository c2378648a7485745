"""Where something is, and who may see it: what assets and listings share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from dure.core.actors import ActorKind, Role
from dure.core.models import DomainModel

if TYPE_CHECKING:
    from dure.core.actors import Actor

HOSTING = (Role.STAFF, Role.BOARD)
HELPING = (*HOSTING, Role.MEMBER)


class Audience(models.TextChoices):
    """Who sees a listing or an asset that is open."""

    PUBLIC = "public", "누구나"
    DISTRICT = "district", "같은 자치구 주민"
    MEMBERS = "members", "이 조직의 조합원"


class Placed(DomainModel):
    """Base of what has a place. Coordinates are of a neighbourhood, never of a door."""

    district = models.ForeignKey(
        "registry.District", models.PROTECT, related_name="+", verbose_name="자치구"
    )
    organisation = models.ForeignKey(
        "registry.Organisation", models.PROTECT, null=True, related_name="+", verbose_name="조직"
    )
    audience = models.CharField("보는 사람", max_length=8, choices=Audience.choices)
    place = models.CharField("곳", max_length=200, blank=True, default="")
    latitude_e5 = models.IntegerField("위도(10만분의 1도)", null=True)
    longitude_e5 = models.IntegerField("경도(10만분의 1도)", null=True)

    class Meta(DomainModel.Meta):
        abstract = True


def hosted_q(actor: Actor, roles: tuple[Role, ...]) -> Q:
    """Rows whose organisation or district gives `actor` one of `roles`; the operator: all."""
    if actor.kind is ActorKind.OPERATOR:
        return Q()
    organisations = {scope for role in roles for scope in actor.scope_ids(role, "organisation")}
    districts = set(actor.scope_ids(Role.STAFF, "district"))
    found = Q(organisation_id__in=organisations) | Q(district_id__in=districts)
    if actor.scope_ids(Role.STAFF, "city"):
        found = Q()
    return found


def audience_q(actor: Actor) -> Q:
    """Rows that are open to `actor` by their audience."""
    homes = {scope for role in Role for scope in actor.scope_ids(role, "district")}
    ours = {scope for role in Role for scope in actor.scope_ids(role, "organisation")}
    return (
        Q(audience=Audience.PUBLIC)
        | Q(audience=Audience.DISTRICT, district_id__in=homes)
        | Q(audience__in=(Audience.DISTRICT, Audience.MEMBERS), organisation_id__in=ours)
    )

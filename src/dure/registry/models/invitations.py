"""Invitations: one organisation offers one membership to one person, once."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from .organisations import Organisation
from .people import Membership, Person
from .rows import RegistryRow


class Invitation(RegistryRow):
    """An offer that ends: accepted, revoked or over. Its link is computed, never stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    member_class = models.CharField("조합원 종류", max_length=10, choices=Membership.Class.choices)
    person = models.ForeignKey(Person, models.PROTECT, related_name="invitations")
    sent_by = models.UUIDField("보낸 사람")
    sent_at = models.DateTimeField("보낸 시각")
    expires_at = models.DateTimeField("기한")
    accepted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="accepted_invitations"
    )
    accepted_at = models.DateTimeField("받은 시각", null=True)
    revoked_at = models.DateTimeField("거둔 시각", null=True)

    class Meta(RegistryRow.Meta):
        verbose_name = "초대"
        constraints = (
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="invitation_is_not_both_accepted_and_revoked",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_is_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("sent_at")),
                name="invitation_ends_after_it_was_sent",
            ),
        )
        indexes = (
            models.Index(fields=("organisation", "sent_at"), name="invitation_organisation"),
        )

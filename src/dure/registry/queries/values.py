"""The present value of one field of an organisation, as the edit form and its review compare it."""

from __future__ import annotations

from dure.registry.models import Organisation


def present_value(organisation: Organisation, field: str) -> str:
    """The field's value as text; "" where there is none."""
    if field in ("name", "name_en"):
        return str(getattr(organisation, field))
    if field == "founded_on":
        return organisation.founded_on.isoformat() if organisation.founded_on else ""
    if field == "address":
        head = organisation.sites.filter(is_head=True, valid__endswith__isnull=True).first()
        return head.address if head else ""
    contact = organisation.contacts.filter(kind=field).order_by("value").first()
    return contact.value if contact else ""

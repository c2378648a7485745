"""Registration numbers: read, made into a token, and claimed for one organisation."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from dure.core.errors import Refusal
from dure.core.running import line
from dure.engines.business_number import business_digits, corporate_digits, is_business_number
from dure.engines.hangul import masked_name
from dure.registry.errors import RegistryCode
from dure.registry.models import Organisation, OrgNumber
from dure.registry.vault import number_token

LOCK_CLASS = 4101


def digits_of(scheme: str, text: str) -> str:
    """The digits of a number as written on paper.

    Raises Refusal(NUMBER_WRONG) for a wrong shape, or a wrong check digit of a business number.
    """
    digits = business_digits(text) if scheme == "biz" else corporate_digits(text)
    if digits is None or (scheme == "biz" and not is_business_number(digits)):
        raise Refusal(RegistryCode.NUMBER_WRONG, field=f"{scheme}_number")
    return digits


def holder(scheme: str, digits: str, on: date) -> Organisation | None:
    """Who holds a number on a day."""
    rows = OrgNumber.objects.everything("one legal entity is registered once in the whole city")
    found = rows.filter(
        scheme=scheme, token=number_token(scheme, digits), valid__contains=on
    ).select_related("organisation")
    first = found.first()
    return first.organisation if first else None


def shown_name(organisation: Organisation) -> str:
    """An organisation's name for people it does not concern: a sole trader's is masked."""
    if organisation.form == Organisation.Form.SOLE_TRADER:
        return masked_name(organisation.name)
    return organisation.name


def claim(organisation: Organisation, scheme: str, digits: str, since: date | None) -> UUID:
    """Write a number for an organisation, or refuse with the name of who holds it.

    Takes the number's advisory lock first, so that of many registrations at once one succeeds and
    the others read its holder.
    """
    token = number_token(scheme, digits)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(encode(%s, 'hex')))", [LOCK_CLASS, token]
        )
    days = DateRange(since, None)
    rows = OrgNumber.objects.everything("one legal entity is registered once in the whole city")
    taken = rows.filter(scheme=scheme, token=token, valid__overlap=days)
    other = taken.select_related("organisation").first()
    if other is not None:
        raise Refusal(
            RegistryCode.NUMBER_TAKEN,
            field=f"{scheme}_number",
            holder=shown_name(other.organisation),
        )
    hidden = organisation.form == Organisation.Form.SOLE_TRADER
    made = OrgNumber.rows.create(
        organisation=organisation,
        scheme=scheme,
        token=token,
        digits=None if hidden else digits,
        valid=days,
        audit=line().id,
    )
    if hidden:
        line().hidden(f"{scheme}_number")
    else:
        line().changed(f"{scheme}_number", None, digits)
    number_id: UUID = made.pk
    return number_id

"""Whom somebody rides with: said before a ride is asked for, kept nowhere, changed seldom.

Law: nobody learns what others ask by trying everything. What is said is stamped for the person, and
stamps are counted; the count stands in the audit, without a word of what was said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.db.models import Q
from django.utils.crypto import constant_time_compare

from dure.core import clock, rulebook
from dure.core.actions import action
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.models import AuditLine
from dure.exchange import policies
from dure.exchange.errors import ExchangeCode

from .agreements import PARTIES
from .rides import Wishes

DECLARE = "exchange.ride.declare"
WORDS_RULE = "exchange.ride.words"


@dataclass(frozen=True, slots=True)
class RideWords:
    """A stamp on what was said; it tells nothing to whoever has not said it."""

    stamp: str


@action(
    DECLARE,
    ko="누구와 탈지를 정합니다.",
    en="Choose whom to ride with.",
    policy=policies.may_answer,
    letters=PARTIES,
    idempotent=True,
    for_another=True,
    writes=(),
    refusals=(ExchangeCode.RIDE_WORDS_OFTEN,),
)
def declare_words(wants: Wishes = (), says: Wishes = (), *, actor: Actor) -> RideWords:
    """Say what one asks of others and what is true of oneself, a few times in a while.

    Returns a stamp, to be sent along when a seat is asked for; the words are kept nowhere.
    Raises  RIDE_WORDS_OFTEN above the rulebook's number
    """
    rule = rulebook.value(WORDS_RULE).value
    since = clock.now() - timedelta(days=rule["days"])
    lines = AuditLine.objects.everything("one's own, to limit the rate")
    own = Q(acting_for=actor.behalf) | Q(acting_for=None, actor=actor.behalf)
    said = lines.filter(own, action=DECLARE, outcome="done", at__gte=since)
    if said.count() >= rule["most"]:
        raise Refusal(ExchangeCode.RIDE_WORDS_OFTEN, **rule)
    return RideWords(_stamp(actor.behalf, wants, says))


def check_words(actor: Actor, wants: Wishes, says: Wishes, stamp: str | None) -> None:
    """Let pass what was said before by this person, or nothing said at all."""
    if not (wants or says):
        return
    if not constant_time_compare(stamp or "", _stamp(actor.behalf, wants, says)):
        raise Refusal(ExchangeCode.RIDE_WORDS_FIRST)


def _stamp(person: UUID | None, wants: Wishes, says: Wishes) -> str:
    told = "|".join((str(person), *sorted(set(wants)), "/", *sorted(set(says))))
    return signing.Signer(salt=DECLARE).signature(told)

"""What a pool's division is computed from, so that anybody can compute it again.

Nouns: *inputs* are the estate, the lot, the rule, the salt of ties and every claim, without names;
their bytes are a file, and its SHA-256 is what the pool keeps as `input_hash`.
Law: claims stand in the order of asking; nothing in the file changes once the pool is closed.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence

from dure.core.models.rules import RuleVersion
from dure.engines.allotment import Allotment, allot
from dure.engines.rationing import Rule, tie_ranks
from dure.exchange.models import Claim, Pool

COLUMNS = (
    "claim",
    "asked",
    "firm",
    "tolerance",
    "weight",
    "protected",
    "estate",
    "lot",
    "unit",
    "rule",
    "salt",
)


def claims_of(pool: Pool) -> list[Claim]:
    """The claims that stand, in the order of asking."""
    rows = Claim.rows.filter(pool=pool, withdrawn_at=None)
    return list(rows.order_by("made_at", "id"))


def rule_of(pool: Pool) -> Rule | None:
    """The rule that divides a pool: its key names the rule, or a rulebook entry that does; a
    product of a cycle has the cycle's."""
    names = {rule.value for rule in Rule}
    if not pool.rule_key and pool.parent is not None:
        pool = pool.parent
    if pool.rule_key in names:
        return Rule(pool.rule_key)
    version = RuleVersion.rows.filter(id=pool.rule_version).first() if pool.rule_version else None
    return Rule(version.value) if version is not None and version.value in names else None


def salt_of(pool: Pool) -> bytes:
    """What decides ties: the pool's own salt, else that of its cycle."""
    whole = pool if pool.tie_salt or pool.parent is None else pool.parent
    return bytes(whole.tie_salt) if whole.tie_salt else b""


def divided(pool: Pool, claims: Sequence[Claim], rule: Rule) -> Allotment:
    """Divide the estate of a pool among these claims by a rule; nothing is written."""
    plain = not any(one.firm for one in claims)
    ranks = None
    salt = salt_of(pool)
    if salt and rule is not Rule.FIRST_COME:
        ranks = tie_ranks(salt, [str(one.id) for one in claims])
    return allot(
        rule,
        pool.estate or 0,
        [one.asked for one in claims],
        firm=None if plain else [one.firm for one in claims],
        tolerance=[one.tolerance for one in claims],
        protected=[one.protected for one in claims],
        weights=[one.weight for one in claims],
        ties=ranks,
        lot=pool.lot,
    )


def inputs_of(pool: Pool) -> bytes:
    """The inputs as a file: one line a claim, UTF-8, lines end with CR LF."""
    told = io.StringIO(newline="")
    sheet = csv.writer(told)
    sheet.writerow(COLUMNS)
    rule = rule_of(pool)
    told_salt = salt_of(pool).hex()
    whole = (pool.estate or 0, pool.lot, pool.unit, rule.value if rule else "", told_salt)
    for one in claims_of(pool):
        own = (one.id, one.asked, one.firm, one.tolerance, one.weight, int(one.protected))
        sheet.writerow((*own, *whole))
    return told.getvalue().encode()


def digest_of(pool: Pool) -> str:
    """SHA-256 of the inputs."""
    return hashlib.sha256(inputs_of(pool)).hexdigest()

"""Conversion factors come from files that name their source; products are made of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID, uuid4

from django.db.backends.postgresql.psycopg_any import DateRange
from pydantic import Field

from dure.core import clock
from dure.core.actions import Who, action, line
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import UuidText
from dure.engines.factor_file import FactorFileRefused, FactorRow, read_factors
from dure.engines.rrn import has_rrn
from dure.journal import policies
from dure.journal.errors import JournalCode
from dure.journal.models import Factor

PPM = 1_000_000
FileBytes = Annotated[bytes, Field(max_length=16 * 1024 * 1024)]


@dataclass(frozen=True, slots=True)
class FactorsLoaded:
    """How many rows the file had, how many were new, how many state no value yet."""

    total: int
    new: int
    without_value: int


@action(
    "journal.factor.load",
    ko="환산 계수를 파일에서 올립니다.",
    en="Load conversion factors from a file that names their source.",
    policy=policies.may_load_factors,
    letters={Role.OPERATOR: "o", Role.OFFICIAL: "d", Role.ANALYST: "p"},
    who=(Who.PERSON, Who.OPERATOR),
    faces=("cli", "import"),
    writes=("journal_factor",),
    refusals=(JournalCode.BAD_FACTOR_FILE, CoreCode.RRN),
)
def load_factors(content: FileBytes, *, actor: Actor) -> FactorsLoaded:
    """Store every row of a factor file, or none; the same file again adds nothing.

    Source: each row names its own. Effects: rows of Factor; events keep the factor they have.
    """
    try:
        rows = read_factors(content)
    except FactorFileRefused as refused:
        raise Refusal(JournalCode.BAD_FACTOR_FILE, row=refused.line, field=refused.field) from None
    if any(has_rrn(row.source) for row in rows):
        raise Refusal(CoreCode.RRN)
    digest = hashlib.sha256(content).hexdigest()
    known = set(_same(row.code for row in rows))
    new = [row for row in rows if _content(row) not in known]
    Factor.rows.bulk_create(_factor(row, digest) for row in new)
    line().changed("factors", None, [f"{row.code}@{row.year}" for row in new][:500])
    line().changed("file", None, digest)
    return FactorsLoaded(
        total=len(rows),
        new=len(new),
        without_value=sum(row.micrograms is None for row in rows),
    )


def _content(row: FactorRow) -> tuple[object, ...]:
    return (row.code, row.purpose, row.year, row.micrograms, row.source, row.from_unit)


def _same(codes: Iterable[str]) -> Iterable[tuple[object, ...]]:
    return Factor.rows.filter(code__in=set(codes), made_of=[]).values_list(
        "code", "purpose", "year", "micrograms", "source", "from_unit"
    )


def _factor(row: FactorRow, digest: str) -> Factor:
    return Factor(
        uid=uuid4(),
        code=row.code,
        gas=row.gas,
        from_unit=row.from_unit,
        micrograms=row.micrograms,
        gwp_set=row.gwp_set,
        year=row.year,
        purpose=row.purpose,
        source=row.source,
        source_hash=digest,
        valid=DateRange(row.valid_from, row.valid_to),
        uncertainty_ppm=row.uncertainty_ppm,
        reliability=row.reliability,
        is_synthetic=row.is_synthetic,
        recorded_at=clock.now(),
        audit=line().id,
    )


@dataclass(frozen=True, slots=True)
class FactorRef:
    """The id of a factor."""

    id: str


@action(
    "journal.factor.derive",
    ko="계수에 비율을 곱한 계수를 만듭니다.",
    en="Make the factor that is one factor times a share.",
    policy=policies.may_load_factors,
    letters={Role.OPERATOR: "o", Role.OFFICIAL: "d", Role.ANALYST: "p"},
    who=(Who.PERSON, Who.OPERATOR),
    faces=("cli",),
    writes=("journal_factor",),
    refusals=(CoreCode.NOT_FOUND,),
)
def derive_factor(
    code: Annotated[str, Field(pattern=r"^[a-z]+(\.[a-z0-9_]+)+$", max_length=60)],
    factor_id: UuidText,
    share_id: UuidText,
    *,
    actor: Actor,
) -> FactorRef:
    """Store a product of a factor and a share in ppm, or find the one that stands.

    The product is rounded half to even at the microgram; its reliability is the factor's.
    """
    parts = {f.uid: f for f in Factor.rows.filter(uid__in=(factor_id, share_id))}
    base, share = parts.get(UUID(factor_id)), parts.get(UUID(share_id))
    if base is None or share is None or share.from_unit != "PPM":
        raise Refusal(CoreCode.NOT_FOUND)
    made_of = [base.uid, share.uid]
    found = Factor.rows.filter(code=code, made_of=made_of).first()
    if found is not None:
        return FactorRef(str(found.uid))
    known = base.micrograms is not None and share.micrograms is not None
    product = Factor(
        uid=uuid4(),
        code=code,
        gas=base.gas,
        from_unit=base.from_unit,
        micrograms=_product(base.micrograms, share.micrograms) if known else None,
        gwp_set=base.gwp_set,
        year=base.year,
        purpose=base.purpose,
        source=f"{base.source} × {share.source}"[:300],
        source_hash=hashlib.sha256(f"{base.uid}*{share.uid}".encode()).hexdigest(),
        valid=base.valid,
        reliability=base.reliability,
        made_of=made_of,
        is_synthetic=base.is_synthetic or share.is_synthetic,
        recorded_at=clock.now(),
        audit=line().id,
    )
    product.save(force_insert=True)
    line().object("journal.factor", product.uid)
    line().changed("made_of", None, made_of)
    return FactorRef(str(product.uid))


def _product(micrograms: int, share_ppm: int) -> int:
    whole, rest = divmod(micrograms * share_ppm, PPM)
    return whole + (rest * 2 > PPM or (rest * 2 == PPM and whole % 2 == 1))

"""Sealing the audit lines by batch, and verifying them (봉인, 검증).

Nouns: line (감사 기록), seal (봉인), head (머리), fault (어긋남).
Law: a line is in exactly one seal. Sequences commit out of order, so a batch is cut by snapshot:
every transaction below the horizon has ended, and its lines can be neither added nor lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.apps import apps
from django.db import connection

from dure.core import clock
from dure.core.actions import Who, action, line
from dure.core.actors import Actor
from dure.core.audit import digest_columns
from dure.core.jobs import timer
from dure.core.models.audit import AuditLine
from dure.core.models.base import DomainModel
from dure.core.models.seals import PublishedHead, Seal, SealHead
from dure.core.policies import is_operator, is_timer
from dure.engines.canonical import canonical
from dure.engines.seals import Sealed, broken_seals, first_digest, next_digest, row_bytes

CHAIN = "core.audit"
NAME = "core.audit.seal"
CHECK = "core.audit.check"
IDLE = timedelta(minutes=5)
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class SealedBatch:
    """A seal that was made; number 0 when there was nothing to seal."""

    number: int
    rows: int
    digest: str


@action(
    NAME,
    ko="감사 기록을 봉인합니다.",
    en="Seal the audit lines.",
    policy=is_timer | is_operator,
    letters={},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("job", "cli"),
    long=True,
    writes=("core_seal", "core_sealhead"),
)
def seal_audit(*, actor: Actor) -> SealedBatch:
    """Seal every line of the transactions that ended since the last seal."""
    head, horizon = head_and_horizon(CHAIN, first_digest(CHAIN))
    rows = _rows(head.horizon, horizon)
    if not rows or horizon <= head.horizon:
        return SealedBatch(0, 0, bytes(head.digest).hex())
    digest = next_digest(bytes(head.digest), rows)
    write_seal(head, horizon, len(rows), digest)
    return SealedBatch(head.number, len(rows), digest.hex())


def head_and_horizon(chain: str, first: bytes) -> tuple[SealHead, int]:
    """Lock the head of a chain, and tell below which transaction id every one has ended."""
    SealHead.rows.get_or_create(chain=chain, defaults={"number": 0, "digest": first, "horizon": 0})
    head = SealHead.rows.select_for_update(no_key=True).get(chain=chain)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + dure_batch_base()"
        )
        (horizon,) = cursor.fetchone()
    return head, int(horizon)


def write_seal(head: SealHead, horizon: int, row_count: int, digest: bytes) -> None:
    """Write the next seal of a locked head: the rows of [head.horizon, horizon)."""
    Seal.rows.create(
        chain=head.chain,
        number=head.number + 1,
        batch_from=head.horizon,
        batch_to=horizon,
        row_count=row_count,
        digest=digest,
        sealed_at=clock.now(),
        audit=line().id,
    )
    head.number, head.digest, head.horizon = head.number + 1, digest, horizon
    head.sealed_at = clock.now()
    head.save(update_fields=["number", "digest", "horizon", "sealed_at"])
    line().object("core.seal", head.number)
    line().changed("head", None, digest.hex())


def is_seal_due() -> bool:
    """Whether lines other than seals' own wait, or the newest seal is five minutes old."""
    head = SealHead.rows.filter(chain=CHAIN).first()
    waiting = AuditLine.rows.filter(batch__gte=head.horizon if head else 0)
    if waiting.exclude(action=NAME).exists():
        return True
    return head is None or head.sealed_at is None or clock.now() - head.sealed_at >= IDLE


timer(NAME, cron="* * * * *", when=is_seal_due)


def _rows(batch_from: int, batch_to: int) -> list[bytes]:
    lines = AuditLine.rows.filter(batch__gte=batch_from, batch__lt=batch_to).order_by("seq")
    found = lines.values_list("era", "batch", "seq", "id", "digest")
    return [
        row_bytes(era, batch, seq, row_id, bytes(digest))
        for era, batch, seq, row_id, digest in found.iterator(CHUNK)
    ]


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where the audit does not agree with itself."""

    kind: str
    place: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification saw."""

    lines: int
    seals: int
    unsealed: int
    head: str
    faults: tuple[Fault, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify() -> Verdict:
    """Recompute every line's digest and every seal; locate each edit.

    An edited column shows at its line, an edited digest or a lost or added line at its seal. A
    chain that was rewritten as a whole shows at the first head that had been published before.
    """
    faults = [Fault("line", str(seq)) for seq in _broken_lines()]
    seals = list(Seal.rows.filter(chain=CHAIN).order_by("number"))
    chain = [
        Sealed(s.number, bytes(s.digest), tuple(_rows(s.batch_from, s.batch_to))) for s in seals
    ]
    faults += [Fault("seal", str(broken.number)) for broken in broken_seals(CHAIN, chain)]
    faults += [Fault("published", str(number)) for number in unlike_published(CHAIN)]
    head = SealHead.rows.filter(chain=CHAIN).first()
    newest = seals[-1] if seals else None
    if head is not None and newest is not None and bytes(head.digest) != bytes(newest.digest):
        faults.append(Fault("head", str(head.number)))
    horizon = head.horizon if head else 0
    return Verdict(
        lines=AuditLine.rows.count(),
        seals=len(seals),
        unsealed=AuditLine.rows.filter(batch__gte=horizon).count(),
        head=bytes(head.digest).hex() if head else first_digest(CHAIN).hex(),
        faults=tuple(faults),
    )


def unlike_published(chain: str) -> list[int]:
    """Seals of a chain that are not, or no longer, what was published of them; by number."""
    seals = dict(Seal.rows.filter(chain=chain).values_list("number", "digest"))
    told = PublishedHead.rows.filter(chain=chain).values_list("number", "digest")
    return sorted({n for n, digest in told if bytes(seals.get(n) or b"") != bytes(digest)})


def _broken_lines() -> Iterator[int]:
    for row in AuditLine.rows.order_by("seq").iterator(CHUNK):
        if sha256(canonical(digest_columns(row))).digest() != bytes(row.digest):
            yield row.seq


@dataclass(frozen=True, slots=True)
class AuditChecked:
    """What the nightly check saw."""

    lines: int
    seals: int
    faults: int
    rows_without_line: int


@action(
    CHECK,
    ko="감사 기록과 봉인을 다시 셈합니다.",
    en="Compute audit lines and seals again.",
    policy=is_timer | is_operator,
    letters={},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("job", "cli"),
    long=True,
)
def check_audit(*, actor: Actor) -> AuditChecked:
    """Verify every line and seal, and look for rows that no line wrote; tells numbers only."""
    verdict = verify()
    orphans = sum(rows_without_line().values())
    for fault in verdict.faults[:100]:
        line().changed(f"{fault.kind} {fault.place}", None, "broken")
    return AuditChecked(verdict.lines, verdict.seals, len(verdict.faults), orphans)


timer(CHECK, cron="10 18 * * *")  # 03:10 in Seoul


def newest_check() -> tuple[datetime, AuditChecked] | None:
    """When the audit was last checked, and what was seen; None before the first time."""
    row = AuditLine.rows.filter(action=CHECK, outcome="done").order_by("-seq").first()
    return (row.at, AuditChecked(**row.result)) if row and row.result else None


def audited_tables() -> Iterable[type[DomainModel]]:
    """The domain tables whose rows carry the uuid of the line that wrote them."""
    for model in apps.get_models():
        if issubclass(model, DomainModel) and any(f.name == "audit" for f in model._meta.fields):
            yield model


def rows_without_line() -> dict[str, int]:
    """Tables that hold rows whose audit uuid no line has, with their number (``check_audit``)."""
    found: dict[str, int] = defaultdict(int)
    with connection.cursor() as cursor:
        for model in audited_tables():
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(
                f"SELECT count(*) FROM {table} t WHERE t.audit IS NOT NULL AND NOT EXISTS"  # noqa: S608  # a table's own name
                " (SELECT FROM core_auditline l WHERE l.id = t.audit)"
            )
            (number,) = cursor.fetchone()
            if number:
                found[model._meta.db_table] = number
    return dict(found)

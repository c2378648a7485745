"""The public list of heads: one head a chain and day, only ever longer, told to auditors."""

from __future__ import annotations

from hashlib import sha256

import pytest

from dure.config.database import SUPERUSER, Server
from dure.core import heads, sealing
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.audit import digest_columns
from dure.core.errors import Refusal
from dure.core.models import AuditLine, Notice, Seal, SealHead
from dure.engines import published_heads
from dure.engines.canonical import canonical
from dure.engines.seals import first_digest, next_digest
from tests.harness import people
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.probe import probing

TIMER = Actor.timer(heads.NAME)


def fix() -> heads.HeadsFixed:
    fixed: heads.HeadsFixed = run(heads.NAME, {}, TIMER).result
    return fixed


def work() -> None:
    """One audited act, sealed."""
    with probing():
        run("test.rule.write", {"key": "test.one", "words": "두레"}, Actor.operator())
    run(sealing.NAME, {}, Actor.operator())


def test_a_day_fixes_each_chain_once_and_an_older_copy_begins_the_newer(
    commits: str, clock: Clock
) -> None:
    clock.at("2026-07-01T00:20:00+09:00")
    work()
    assert heads.is_publish_due()
    assert fix() == heads.HeadsFixed("2026-07-01", 1)
    copy = heads.text()
    work()
    assert not heads.is_publish_due()
    assert fix().chains == 0
    assert heads.text() == copy
    clock.at("2026-07-02T00:20:00+09:00")
    assert heads.is_publish_due()
    assert fix() == heads.HeadsFixed("2026-07-02", 1)
    longer = heads.text()
    assert longer.startswith(copy) and len(longer) > len(copy)
    lines = published_heads.read(longer)
    assert [(one.name, one.chain) for one in lines] == [
        ("2026-07-01", "core.audit"),
        ("2026-07-02", "core.audit"),
    ]
    assert lines[0].number < lines[1].number
    assert published_heads.faults(lines) == []


def test_a_chain_that_nobody_knew_is_published_like_any_other(db: None, clock: Clock) -> None:
    clock.at("2026-07-01T00:20:00+09:00")
    with given():
        heads.move("ledger", number=3, digest="ab" * 32, horizon=9)
    assert fix().chains == 1
    assert heads.text().decode().splitlines()[1] == (
        f"day 2026-07-01 ledger 3 2026-06-30T15:20:00Z {'ab' * 32}"
    )


def test_a_chain_without_a_seal_is_not_published(db: None) -> None:
    with given():
        SealHead.rows.create(chain="ledger", number=0, digest=bytes(32), horizon=0)
    assert not heads.is_publish_due()
    assert fix().chains == 0


def test_auditors_in_force_get_the_heads_by_mail(db: None, clock: Clock) -> None:
    clock.at("2026-07-01T00:20:00+09:00")
    auditor = people.person_with(Role.AUDITOR, district=people.MAPO)
    people.person_with(Role.OFFICIAL, district=people.MAPO)
    with given():
        heads.move("ledger", number=3, digest="ab" * 32, horizon=9)
    fix()
    fix()
    told = Notice.rows.get(template=heads.HEADS_FIXED)
    assert (told.person, told.urgency) == (auditor.id, Notice.Urgency.DIGEST)
    assert told.places == {"day": "2026-07-01", "heads": f"ledger 3 {'ab' * 32}"}


def test_nobody_but_timer_and_operator_publishes(db: None) -> None:
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        run(heads.NAME, {}, people.person_with(Role.AUDITOR, district=people.MAPO))


def test_a_chain_rewritten_as_a_whole_is_found_by_what_was_published(
    commits: str, server: Server
) -> None:
    """Somebody with the machine's shell edits a line and makes line, seals and head fit again."""
    work()
    fix()
    work()
    assert sealing.verify().is_whole
    with server.connect(SUPERUSER, commits) as insider:
        insider.execute("SET session_replication_role = replica")
        insider.execute("UPDATE core_auditline SET reason = 'edited' WHERE seq = 2")
        line = AuditLine.rows.get(seq=2)
        digest = sha256(canonical(digest_columns(line))).digest()
        insider.execute("UPDATE core_auditline SET digest = %s WHERE seq = 2", [digest])
        head = first_digest(sealing.CHAIN)
        for seal in Seal.rows.filter(chain=sealing.CHAIN).order_by("number"):
            head = next_digest(head, sealing._rows(seal.batch_from, seal.batch_to))
            insider.execute("UPDATE core_seal SET digest = %s WHERE id = %s", [head, seal.pk])
        insider.execute("UPDATE core_sealhead SET digest = %s WHERE chain = 'core.audit'", [head])
    assert [(one.kind, one.place) for one in sealing.verify().faults] == [("published", "1")]

"""Three years of transfers in a database of their own, written past the door as a superuser can.

Nouns
    usual : an account with about a hundred rows     hot : one account in every tenth row
Law: every row is as the ledger would have written it: body hashes, balances, holds, followers,
quarters closed with their trial balances, seals. `dure check books` finds nothing.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
from dure.config.database import SUPERUSER, Server  # noqa: E402
from dure.config.roles import prepare  # noqa: E402

DATABASE = "many"
WRITERS = 2
YEARS_DAYS = 1_095
SEAL_ROWS = 10_000
GIVEN = """
import json
from dure.core.actors import Role
from tests.harness.people import MAPO, organisation, person_with
from tests.ledger.books import book
payer = person_with(Role.RESIDENT, district=MAPO)
print(json.dumps({"payer": str(payer.id), "book": book(of=organisation()).pk}))
"""
ACCOUNTS = """
INSERT INTO ledger_account (id, book, unit, type, status, label, opened_at, audit, balance,
    held_out, held_in, owner_person)
SELECT n, %(book)s, 3, 'liability', 'open', 'many ' || n, dure_now(), %(payer)s, 0, 0, 0, %(payer)s
FROM generate_series(1000, 1000 + %(accounts)s) n
"""
# 53 of a hundred settles 52 (one in ten stays open), 133 of 200 reverses 132, 173 refunds 172.
TRANSFERS = """
INSERT INTO ledger_transfer (id, batch, book, debit, credit, amount, recorded_at, ref, expires_at,
    event_date, kind, unit, era, ikey, audit, actor, purpose, body_hash)
SELECT r.*, ledger_body_hash(r.kind, r.book, 'LOCAL', r.debit, r.credit, r.amount, r.event_date,
    r.purpose, r.ref, NULL, NULL, r.expires_at)
FROM (
    SELECT n AS id, 1000 + n / 10 AS batch, %(book)s::bigint AS book,
        CASE WHEN k.kind > 3 THEN s.credit ELSE s.debit END AS debit,
        CASE WHEN k.kind > 3 THEN s.debit ELSE s.credit END AS credit,
        CASE k.kind WHEN 6 THEN 1 WHEN 2 THEN s.amount - 1 ELSE s.amount END AS amount,
        d.recorded_at, CASE WHEN k.kind >= 2 THEN n - 1 END AS ref,
        CASE k.kind WHEN 1 THEN d.recorded_at + interval '7 days' END AS expires_at,
        d.event_date, k.kind, 3::smallint AS unit, dure_era() AS era,
        md5(n::text)::uuid AS ikey, %(payer)s::uuid AS audit, %(payer)s::uuid AS actor,
        CASE WHEN n %% 5000 = 17 THEN '도서관 봄 축제' ELSE
            (ARRAY['장보기', '점심', '반찬 나눔', '아이 돌봄', '책 읽어주기', '집수리', '버스',
                '회비'])[1 + n %% 8] END AS purpose
    FROM generate_series(%(first)s::bigint, %(last)s) n,
    LATERAL (SELECT (CASE WHEN n %% 100 = 52 THEN 1 WHEN n %% 100 = 53 AND n %% 1000 <> 53 THEN 2
        WHEN n %% 200 = 133 THEN 5 WHEN n %% 200 = 173 THEN 6 ELSE 0 END)::smallint AS kind) k,
    LATERAL (SELECT CASE WHEN k.kind >= 2 THEN n - 1 ELSE n END AS of) f,
    LATERAL (SELECT (hashint8(f.of) & 2147483647) %% %(accounts)s AS one,
        1 + (hashint8(f.of + 77777777777) & 2147483647) %% (%(accounts)s - 1) AS step) h,
    LATERAL (SELECT 1001 + h.one AS a, 1001 + (h.one + h.step) %% %(accounts)s AS b) p,
    LATERAL (SELECT CASE WHEN f.of %% 20 = 10 THEN 1000 ELSE p.a END AS debit,
        CASE WHEN f.of %% 20 = 0 THEN 1000 ELSE p.b END AS credit,
        100 + f.of %% 900 AS amount) s,
    LATERAL (SELECT dure_today() - %(days)s + 1 + (n * %(days)s / (%(transfers)s + 1))::integer
        AS day) e,
    LATERAL (SELECT (e.day + time '00:00:01') AT TIME ZONE 'Asia/Seoul' AS recorded_at,
        e.day - CASE WHEN n %% 1000 = 7 THEN 1 ELSE 0 END AS event_date) d
) r
"""
BALANCES = """
UPDATE ledger_account a SET balance = m.moved, held_out = coalesce(m.going, 0),
    held_in = coalesce(m.coming, 0)
FROM (
    SELECT side.account, sum(CASE WHEN t.kind = 1 THEN 0 ELSE side.way * t.amount END) AS moved,
        sum(t.amount) FILTER (WHERE t.kind = 1 AND side.way < 0 AND t.id %% 1000 = 52) AS going,
        sum(t.amount) FILTER (WHERE t.kind = 1 AND side.way > 0 AND t.id %% 1000 = 52) AS coming
    FROM ledger_transfer t, LATERAL (VALUES (t.debit, -1), (t.credit, 1)) side (account, way)
    GROUP BY side.account
) m(account, moved, going, coming)
WHERE a.id = m.account
"""
PERIODS = """
CREATE TEMP TABLE quarter AS
SELECT q, dure_today() - %(days)s + 91 * q AS first,
    dure_today() - %(days)s + 91 * q + 90 AS last
FROM generate_series(0, %(days)s / 91 - 1) q;
CREATE TEMP TABLE turned AS
SELECT side.account, (t.event_date - (dure_today() - %(days)s)) / 91 AS q,
    sum(t.amount) FILTER (WHERE side.way < 0) AS debits,
    sum(t.amount) FILTER (WHERE side.way > 0) AS credits, max(t.id) AS last_transfer
FROM ledger_transfer t, LATERAL (VALUES (t.debit, -1), (t.credit, 1)) side (account, way)
WHERE t.kind IN (0, 2, 5, 6) GROUP BY 1, 2;
CREATE TEMP TABLE stood AS
SELECT a.id AS account, q.q, q.first, q.last, coalesce(t.debits, 0) AS debits,
    coalesce(t.credits, 0) AS credits, t.last_transfer,
    sum(coalesce(t.credits, 0) - coalesce(t.debits, 0)) OVER (PARTITION BY a.id ORDER BY q.q)
        AS closing
FROM ledger_account a CROSS JOIN quarter q LEFT JOIN turned t ON t.account = a.id AND t.q = q.q
WHERE a.book = %(book)s;
WITH told AS (
    SELECT q, first, last, '[' || string_agg(format('[%%s,"LOCAL",%%s,%%s,%%s,%%s]', account,
        closing - credits + debits, debits, credits, closing), ',' ORDER BY account) || ']' AS rows
    FROM stood GROUP BY q, first, last
)
INSERT INTO ledger_period (book_id, days, closed_at, rows, sha256, last_transfer, closer, reviewer,
    audit)
SELECT %(book)s, daterange(first, last, '[]'), dure_now(), rows::jsonb,
    encode(sha256(convert_to(rows, 'UTF8')), 'hex'), %(transfers)s, %(payer)s, gen_random_uuid(),
    %(payer)s
FROM told ORDER BY q;
INSERT INTO ledger_closing (account, through, balance)
SELECT account, last, closing FROM stood WHERE debits <> 0 OR credits <> 0 ORDER BY last, account;
UPDATE ledger_book SET closed_through = (SELECT max(last) FROM quarter) WHERE id = %(book)s;
"""
SEALS = """
DO $$
DECLARE
    v_digest bytea := sha256('dure.ledger.seal.v1');
    v_last bigint := (SELECT max(batch) FROM ledger_transfer);
    v_from bigint := 0;
    v_to bigint := 1000;
    v_number integer := 0;
    v_rows bigint;
BEGIN
    LOOP
        v_to := least(v_to + {rows} / 10, v_last + 1);
        v_number := v_number + 1;
        SELECT d.digest, d.rows INTO v_digest, v_rows
        FROM ledger_seal_digest(v_digest, v_from, v_to) d;
        INSERT INTO core_seal (chain, number, batch_from, batch_to, row_count, digest, sealed_at,
            audit)
        VALUES ('ledger.seal', v_number, v_from, v_to, v_rows, v_digest, dure_now(),
            gen_random_uuid());
        EXIT WHEN v_to > coalesce(v_last, 0);
        v_from := v_to;
    END LOOP;
    DELETE FROM core_sealhead WHERE chain = 'ledger.seal';
    INSERT INTO core_sealhead (chain, number, digest, horizon, sealed_at, published)
    VALUES ('ledger.seal', v_number, v_digest, v_to, dure_now(), '[]');
END $$
"""


@dataclass(frozen=True, slots=True)
class Many:
    """What stands in the database: who owns the accounts, and which are read."""

    payer: str
    book: int
    accounts: int
    transfers: int
    hot: int = 1_000  # the others follow it


def built(server: Server, transfers: int) -> Many:
    """What a run before has written here, or write it now."""
    note = server.place / "many.json"
    if note.exists():
        told = json.loads(note.read_text())
        if told["transfers"] == transfers:
            return Many(**told)
    made = build(server, transfers)
    note.write_text(json.dumps(dataclasses.asdict(made)))
    return made


def build(server: Server, transfers: int) -> Many:
    """Write `transfers` rows between transfers / 50 accounts; tells how long each step took."""
    with server.connect(SUPERUSER, "postgres") as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        prepare(admin, DATABASE)
    environment = {**os.environ, "DURE_DATABASE_NAME": DATABASE}
    migrate = [sys.executable, "-m", "dure.config.migrate"]
    subprocess.run(migrate, env=environment, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    head = "import django; django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", head + GIVEN],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    told = json.loads(done.stdout)
    accounts = max(100, transfers // 50)
    values = {
        **told,
        "accounts": accounts,
        "transfers": transfers,
        "days": YEARS_DAYS,
    }
    with writing(server) as admin:
        dropped = without_indexes(admin)
        step("accounts", lambda: admin.execute(ACCOUNTS, values))
        step("transfers", lambda: write_transfers(server, values))
        step("indexes", lambda: [admin.execute(one) for one in dropped])
        step("balances", lambda: admin.execute(BALANCES, values))
        step("periods", lambda: admin.execute(psycopg.ClientCursor(admin).mogrify(PERIODS, values)))
        step("seals", lambda: admin.execute(SEALS.format(rows=SEAL_ROWS)))
        admin.execute("VACUUM ANALYZE")
        admin.execute("SELECT setval('ledger_transfer_id_seq', %s)", [transfers])
        admin.execute("SELECT setval('ledger_account_id_seq', %s)", [accounts + 1_000])
    return Many(told["payer"], told["book"], accounts, transfers)


def writing(server: Server) -> psycopg.Connection:
    """Connect as a superuser that no trigger and no foreign key binds."""
    admin = server.connect(SUPERUSER, DATABASE)
    for setting in (
        "session_replication_role = replica",
        "synchronous_commit = off",
        "maintenance_work_mem = '512MB'",
        "work_mem = '256MB'",
    ):
        admin.execute(f"SET {setting}")
    return admin


def without_indexes(admin: psycopg.Connection) -> list[str]:
    """Drop the indexes of transfers; gives the statements that make them again."""
    again: list[str] = []
    for name, text in admin.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x')"
        " WHERE i.indrelid = 'ledger_transfer'::regclass AND c.oid IS NULL"
    ).fetchall():
        admin.execute(f"DROP INDEX {name}")  # type: ignore[arg-type]  # a name of the catalogue
        again.append(text)
    for name, text in admin.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'ledger_transfer'::regclass AND contype = 'u'"
    ).fetchall():
        admin.execute(f"ALTER TABLE ledger_transfer DROP CONSTRAINT {name}")  # type: ignore[arg-type]  # as above
        again.append(f"ALTER TABLE ledger_transfer ADD CONSTRAINT {name} {text}")
    return again


def write_transfers(server: Server, values: dict[str, object]) -> None:
    """Write the rows, half by each of two writers."""
    transfers = int(str(values["transfers"]))
    each = -(-transfers // WRITERS)

    def write(number: int) -> None:
        span = {"first": number * each + 1, "last": min(transfers, (number + 1) * each)}
        with writing(server) as admin:
            admin.execute(TRANSFERS, {**values, **span})

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))


def step(name: str, work: Callable[[], object]) -> None:
    began = time.perf_counter()
    work()
    passed = time.perf_counter() - began
    print(f"   {name}: {passed:.1f} s", flush=True)

-- check_books: one row a fault. Each view computes everything again from the transfers.

-- A sum of amounts that is a bigint and fails beyond it: what sum(bigint) keeps for a numeric costs
-- a replay of many accounts half of its time.
CREATE AGGREGATE ledger_total(bigint) (
    SFUNC = int8pl, STYPE = bigint, INITCOND = '0', COMBINEFUNC = int8pl, PARALLEL = SAFE
);

-- The balance of every account and its open holds, played again. Every row is summed without a look
-- at its kind; what moves nothing (1, 3, 4) is few, stands in indexes of its own, and is taken off.
CREATE VIEW ledger_check_replay AS
WITH gone AS MATERIALIZED (
    SELECT t.debit AS account, ledger_total(t.amount) AS amount FROM ledger_transfer t GROUP BY 1
), come AS MATERIALIZED (
    SELECT t.credit AS account, ledger_total(t.amount) AS amount FROM ledger_transfer t GROUP BY 1
), placed AS MATERIALIZED (
    SELECT h.id, h.debit, h.credit, h.amount FROM ledger_transfer h WHERE h.kind = 1
), still AS MATERIALIZED (
    SELECT p.debit, p.credit, p.amount FROM placed p
    UNION ALL SELECT s.debit, s.credit, s.amount FROM ledger_transfer s WHERE s.kind IN (3, 4)
), moved AS MATERIALIZED (
    SELECT s.account, sum(s.amount) AS amount FROM (
        SELECT g.account, -g.amount AS amount FROM gone g
        UNION ALL SELECT c.account, c.amount FROM come c
        UNION ALL SELECT s.debit, s.amount FROM still s
        UNION ALL SELECT s.credit, -s.amount FROM still s
    ) s GROUP BY s.account
), holds AS (
    SELECT p.debit, p.credit, p.amount FROM placed p
    WHERE NOT EXISTS (
        SELECT FROM ledger_transfer e WHERE e.ref = p.id AND e.kind IN (2, 3, 4))
), held AS (
    SELECT s.account, sum(s.going) AS going, sum(s.coming) AS coming FROM (
        SELECT debit AS account, amount AS going, 0::bigint AS coming FROM holds
        UNION ALL SELECT credit, 0, amount FROM holds
    ) s GROUP BY s.account
)
SELECT 'balance' AS fault, 'account ' || a.id AS place,
    a.balance || ' stands, ' || coalesce(m.amount, 0) || ' by replay' AS detail
FROM ledger_account a LEFT JOIN moved m ON m.account = a.id
WHERE a.balance <> coalesce(m.amount, 0)
UNION ALL
SELECT 'held', 'account ' || a.id,
    a.held_out || ' and ' || a.held_in || ' stand, ' || coalesce(h.going, 0) || ' and '
        || coalesce(h.coming, 0) || ' by open holds'
FROM ledger_account a LEFT JOIN held h ON h.account = a.id
WHERE (a.held_out, a.held_in) IS DISTINCT FROM (coalesce(h.going, 0), coalesce(h.coming, 0))
UNION ALL
SELECT 'account', 'account ' || m.account, 'has rows and is not there'
FROM moved m WHERE NOT EXISTS (SELECT FROM ledger_account a WHERE a.id = m.account);

CREATE VIEW ledger_check_accounts AS
SELECT 'account' AS fault, 'account ' || a.id AS place, 'what it is does not fit together' AS detail
FROM ledger_account a
WHERE (a.owner_person IS NOT NULL AND a.owner_organisation IS NOT NULL)
    OR (a.type = 'clearing') <> (a.other_book IS NOT NULL)
    OR (a.lot IS NOT NULL AND a.parent IS NULL)
    OR (a.status = 'closed' AND (a.balance, a.held_out, a.held_in) <> (0, 0, 0))
UNION ALL
SELECT 'limit' AS fault, 'account ' || a.id AS place,
    'floor ' || coalesce(a.lo::text, '-') || ', ceiling ' || coalesce(a.hi::text, '-')
        || ', balance ' || a.balance || ', held ' || a.held_out || ' and ' || a.held_in AS detail
FROM ledger_account a
WHERE a.balance - a.held_out < a.lo OR a.balance + a.held_in > a.hi
    OR a.held_out < 0 OR a.held_in < 0
UNION ALL
SELECT 'limit', 'account ' || a.id, 'its limits differ from the last change'
FROM ledger_account a
JOIN LATERAL (SELECT l.new_lo, l.new_hi FROM ledger_limitchange l WHERE l.account_id = a.id
    ORDER BY l.id DESC LIMIT 1) l ON true
WHERE (a.lo, a.hi) IS DISTINCT FROM (l.new_lo, l.new_hi)
UNION ALL
SELECT 'sum', 'book ' || a.book || ' ' || u.code, 'sums to ' || sum(a.balance)
FROM ledger_account a JOIN ledger_unit u ON u.id = a.unit
GROUP BY a.book, u.code HAVING sum(a.balance) <> 0
UNION ALL
SELECT 'clearing', 'account ' || a.id,
    a.balance || ' here, ' || coalesce(b.balance, 0) || ' in book ' || a.other_book
FROM ledger_account a LEFT JOIN ledger_account b
    ON b.book = a.other_book AND b.other_book = a.book AND b.unit = a.unit
WHERE a.type = 'clearing' AND a.balance <> -coalesce(b.balance, 0);

CREATE VIEW ledger_check_refs AS
SELECT 'ref' AS fault, 'transfer ' || t.id AS place, 'its columns do not fit its kind' AS detail
FROM ledger_transfer t
WHERE t.debit = t.credit OR (t.kind <= 1) <> (t.ref IS NULL)
    OR (t.kind = 1) <> (t.expires_at IS NOT NULL)
UNION ALL
SELECT 'ref' AS fault, 'transfer ' || r.id AS place,
    'kind ' || r.kind || ' does not fit transfer ' || r.ref AS detail
FROM ledger_transfer r LEFT JOIN ledger_transfer o ON o.id = r.ref
WHERE r.kind >= 2 AND (o.id IS NULL OR o.id >= r.id OR o.book <> r.book OR o.unit <> r.unit OR CASE
    WHEN r.kind IN (2, 3, 4) THEN o.kind <> 1 OR o.debit <> r.debit OR o.credit <> r.credit
        OR r.amount > o.amount OR (r.kind <> 2 AND r.amount <> o.amount)
        OR (r.kind = 2 AND r.recorded_at >= o.expires_at)
        OR (r.kind = 4 AND r.recorded_at < o.expires_at)
    ELSE o.kind NOT IN (0, 2) OR o.debit <> r.credit OR o.credit <> r.debit
        OR (r.kind = 5 AND r.amount <> o.amount)
    END)
UNION ALL
SELECT 'ref', 'transfer ' || r.ref, r.rows || ' rows resolve or reverse it'
FROM (
    SELECT e.ref, count(*) AS rows FROM ledger_transfer e WHERE e.kind IN (2, 3, 4) GROUP BY e.ref
    UNION ALL SELECT e.ref, count(*) FROM ledger_transfer e WHERE e.kind = 5 GROUP BY e.ref
) r WHERE r.rows > 1
UNION ALL
SELECT 'ref', 'transfer ' || o.id, sum(r.amount) || ' of ' || o.amount || ' refunded'
FROM ledger_transfer r JOIN ledger_transfer o ON o.id = r.ref WHERE r.kind = 6
GROUP BY o.id HAVING sum(r.amount) > o.amount
    OR EXISTS (SELECT FROM ledger_transfer x WHERE x.ref = o.id AND x.kind = 5);

-- Trial balances are followed from period to period: each opens where the one before closed, and the
-- rows of its days, read once for all periods, give its debits and credits. A day of a book is one
-- number, so that the planner knows it to be unique.
CREATE VIEW ledger_check_periods AS
WITH days AS MATERIALIZED (
    SELECT p.book_id * 10000000 + (lower(p.days) - date '1900-01-01') + d.n AS day,
        min(p.id) AS period, min(p.last_transfer) AS last_transfer
    FROM ledger_period p, generate_series(0, upper(p.days) - lower(p.days) - 1) d (n) GROUP BY 1
), turned AS MATERIALIZED (
    SELECT s.period, s.account, sum(s.debits) AS debits, sum(s.credits) AS credits FROM (
        SELECT d.period, t.debit AS account, ledger_total(t.amount) AS debits, 0::bigint AS credits
        FROM ledger_transfer t
        JOIN days d ON d.day = t.book * 10000000 + (t.event_date - date '1900-01-01')
        WHERE t.kind IN (0, 2, 5, 6) GROUP BY 1, 2
        UNION ALL
        SELECT d.period, t.credit, 0, ledger_total(t.amount)
        FROM ledger_transfer t
        JOIN days d ON d.day = t.book * 10000000 + (t.event_date - date '1900-01-01')
        WHERE t.kind IN (0, 2, 5, 6) GROUP BY 1, 2
    ) s GROUP BY 1, 2
), told AS MATERIALIZED (
    SELECT p.id AS period, (r.value ->> 0)::bigint AS account, (r.value ->> 2)::bigint AS opening,
        (r.value ->> 3)::bigint AS debits, (r.value ->> 4)::bigint AS credits,
        (r.value ->> 5)::bigint AS closing, upper(p.days) - 1 AS through, p.number,
        lag((r.value ->> 5)::bigint, 1, 0::bigint) OVER way AS before,
        lead(p.number, 1, p.last + 1) OVER way AS next, p.last
    FROM (
        SELECT o.id, o.days, o.rows, row_number() OVER (PARTITION BY o.book_id ORDER BY o.days)
                AS number, count(*) OVER (PARTITION BY o.book_id) AS last
        FROM ledger_period o
    ) p CROSS JOIN LATERAL jsonb_array_elements(p.rows) r
    WINDOW way AS (PARTITION BY (r.value ->> 0)::bigint ORDER BY p.days)
)
SELECT 'period' AS fault, 'transfer ' || t.id AS place,
    'recorded after period ' || d.period || ' was closed' AS detail
FROM ledger_transfer t
JOIN days d ON d.day = t.book * 10000000 + (t.event_date - date '1900-01-01')
WHERE t.id > d.last_transfer -- its time says nothing: a closing waits for whoever posts
UNION ALL
SELECT 'period', 'transfer ' || t.id, 'stands on a closed day of no period'
FROM ledger_book b JOIN (
        SELECT p.book_id, min(lower(p.days)) AS first FROM ledger_period p GROUP BY 1) f
    ON f.book_id = b.id
JOIN ledger_transfer t ON t.book = b.id AND t.event_date < f.first
UNION ALL
SELECT 'period', 'book ' || b.id, 'is closed through another day than its last period'
FROM ledger_book b
LEFT JOIN (SELECT book_id, max(upper(days)) - 1 AS last FROM ledger_period GROUP BY book_id) p
    ON p.book_id = b.id
WHERE b.closed_through IS DISTINCT FROM p.last
UNION ALL
SELECT 'period', 'period ' || p.id, 'its trial balance does not follow from the transfers'
FROM ledger_period p
WHERE p.sha256 <> (
    SELECT encode(sha256(convert_to('[' || coalesce(string_agg(format('[%s,"%s",%s,%s,%s,%s]',
        r.value ->> 0, r.value ->> 1, r.value ->> 2, r.value ->> 3, r.value ->> 4, r.value ->> 5),
        ',' ORDER BY r.place), '') || ']', 'UTF8')), 'hex')
    FROM jsonb_array_elements(p.rows) WITH ORDINALITY r (value, place))
    OR p.id IN (
        SELECT coalesce(o.period, n.period) FROM told o
        FULL JOIN turned n ON n.period = o.period AND n.account = o.account
        WHERE o.opening IS DISTINCT FROM o.before
            OR (o.debits, o.credits) IS DISTINCT FROM (coalesce(n.debits, 0), coalesce(n.credits, 0))
            OR o.closing IS DISTINCT FROM o.opening - o.debits + o.credits
            OR (o.closing <> 0 AND o.next <> o.number + 1))
UNION ALL
SELECT 'period', 'account ' || coalesce(o.account, c.account),
    'its closing of ' || coalesce(o.through, c.through) || ' is another'
FROM (SELECT * FROM told WHERE debits <> 0 OR credits <> 0) o
FULL JOIN ledger_closing c ON c.account = o.account AND c.through = o.through
WHERE o.closing IS DISTINCT FROM c.balance;

-- What a lot's sub-accounts got from outside the lot is what was issued, less what was undone.
CREATE VIEW ledger_check_lots AS
SELECT 'lot' AS fault, 'lot ' || l.id AS place,
    l.amount || ' issued, ' || coalesce(i.amount, 0) || ' left the issuer' AS detail
FROM ledger_lot l JOIN ledger_programme p ON p.id = l.programme_id
LEFT JOIN (
    SELECT t.lot, t.debit, sum(t.amount) AS amount FROM ledger_transfer t
    WHERE t.lot IS NOT NULL AND t.kind = 0 GROUP BY t.lot, t.debit
) i ON i.lot = l.id AND i.debit = p.issuer_id
WHERE l.amount <> coalesce(i.amount, 0);

CREATE VIEW ledger_check_books AS
SELECT * FROM ledger_check_replay
UNION ALL SELECT * FROM ledger_check_accounts
UNION ALL SELECT * FROM ledger_check_refs
UNION ALL SELECT * FROM ledger_check_periods
UNION ALL SELECT * FROM ledger_check_lots;

-- Bodies and seals are hashes: reported apart.
CREATE VIEW ledger_check_bodies AS
SELECT 'body' AS fault, 'transfer ' || t.id AS place, 'its body hash is another' AS detail
FROM ledger_transfer t LEFT JOIN ledger_unit u ON u.id = t.unit
WHERE t.body_hash IS DISTINCT FROM ledger_body_hash(t.kind, t.book, u.code, t.debit, t.credit,
    t.amount, t.event_date, t.purpose, t.ref, t.grp, t.lot, t.expires_at);

CREATE VIEW ledger_check_seals AS
WITH chain AS (
    SELECT s.*, lag(s.digest, 1, sha256('dure.ledger.seal.v1'::bytea)) OVER w AS previous,
        lag(s.batch_to, 1, s.batch_from) OVER w AS begins, row_number() OVER w AS place
    FROM core_seal s WHERE s.chain = 'ledger.seal' WINDOW w AS (ORDER BY s.number)
)
SELECT 'seal' AS fault, 'seal ' || c.number AS place, CASE
    WHEN c.number <> c.place THEN 'a seal before it is missing'
    WHEN c.batch_from <> c.begins THEN 'it does not begin where the one before ended'
    ELSE 'its rows are others' END AS detail
FROM chain c CROSS JOIN LATERAL ledger_seal_digest(c.previous, c.batch_from, c.batch_to) d
WHERE d.digest <> c.digest OR d.rows <> c.row_count OR c.number <> c.place
    OR c.batch_from <> c.begins
UNION ALL
SELECT 'seal', 'transfer ' || t.id, 'is older than the first seal and stands in none'
FROM (SELECT min(batch_from) AS first FROM core_seal WHERE chain = 'ledger.seal') s
JOIN ledger_transfer t ON t.batch < s.first
UNION ALL
SELECT 'head', 'head', 'it is not that of the newest seal'
FROM core_sealhead h
LEFT JOIN LATERAL (SELECT s.number, s.digest, s.batch_to FROM core_seal s
    WHERE s.chain = h.chain ORDER BY s.number DESC LIMIT 1) s ON true
WHERE h.chain = 'ledger.seal' AND h.number > 0
    AND (s.number, s.digest, s.batch_to) IS DISTINCT FROM (h.number, h.digest, h.horizon)
UNION ALL
SELECT 'head', 'published ' || p.name, 'no seal has this published head'
FROM core_publishedhead p
WHERE p.chain = 'ledger.seal' AND p.number > 0 AND NOT EXISTS (
    SELECT FROM core_seal s WHERE s.chain = p.chain AND s.number = p.number AND s.digest = p.digest);

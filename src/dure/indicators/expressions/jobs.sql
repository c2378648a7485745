-- Jobs of the city at the end of each period, as stated by the organisations counted there: sum, how
-- many organisations stated it, how many there are.
WITH ends AS (SELECT unnest(%(ends)s::date[]) AS day),
live AS (
  SELECT e.seq, e.org_id, l.code, e.on_date, e.ended, e.qty, e.dims->>'status' AS status
  FROM journal_event e JOIN journal_label l ON l.id = e.label_id
  WHERE l.code IN ('org.active', %(label)s) AND e.seq <= %(cut)s AND e.sign = 1
    AND e.org_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM journal_event r
                    WHERE r.corrects_id = e.seq AND r.correction = 'reversal' AND r.seq <= %(cut)s)
),
newest_status AS (
  SELECT DISTINCT ON (x.day, v.org_id, v.status) x.day, v.org_id, v.status, v.qty
  FROM ends x JOIN live v ON v.on_date <= x.day AND v.code = 'org.active'
  ORDER BY x.day, v.org_id, v.status, v.ended DESC, v.seq DESC
),
active AS (
  SELECT DISTINCT day, org_id FROM newest_status WHERE qty > 0 AND status = ANY(%(statuses)s)
),
stated AS (
  SELECT DISTINCT ON (x.day, v.org_id) x.day, v.org_id, v.qty
  FROM ends x JOIN live v ON v.on_date <= x.day AND v.code = %(label)s
  ORDER BY x.day, v.org_id, v.ended DESC, v.seq DESC
)
SELECT x.day, coalesce(sum(s.qty), 0)::bigint, count(s.org_id), count(a.org_id)
FROM ends x LEFT JOIN active a ON a.day = x.day
LEFT JOIN stated s ON s.day = a.day AND s.org_id = a.org_id
GROUP BY x.day ORDER BY x.day

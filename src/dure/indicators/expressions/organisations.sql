-- Organisations by head office at the end of each period: those whose newest event of at least one
-- social-economy status says 1. Every period and district has a row, the spine comes first.
WITH ends AS (SELECT unnest(%(ends)s::date[]) AS day),
live AS (
  SELECT e.seq, e.org_id, e.district, e.on_date, e.ended, e.qty, e.dims->>'status' AS status
  FROM journal_event e JOIN journal_label l ON l.id = e.label_id
  WHERE l.code = 'org.active' AND e.seq <= %(cut)s AND e.sign = 1 AND e.org_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM journal_event r
                    WHERE r.corrects_id = e.seq AND r.correction = 'reversal' AND r.seq <= %(cut)s)
),
newest AS (
  SELECT DISTINCT ON (x.day, v.org_id, v.status) x.day, v.org_id, v.status, v.qty
  FROM ends x JOIN live v ON v.on_date <= x.day
  ORDER BY x.day, v.org_id, v.status, v.ended DESC, v.seq DESC
),
home AS (
  SELECT DISTINCT ON (x.day, v.org_id) x.day, v.org_id, v.district
  FROM ends x JOIN live v ON v.on_date <= x.day
  ORDER BY x.day, v.org_id, v.ended DESC, v.seq DESC
),
counted AS (
  SELECT h.day, h.district, count(DISTINCT n.org_id) AS organisations, count(*) AS rows_read
  FROM newest n JOIN home h USING (day, org_id)
  WHERE n.qty > 0 AND n.status = ANY(%(statuses)s)
  GROUP BY 1, 2
)
SELECT x.day, d.sig, coalesce(c.organisations, 0), coalesce(c.rows_read, 0)
FROM ends x CROSS JOIN unnest(%(districts)s::text[]) AS d(sig)
LEFT JOIN counted c ON c.day = x.day AND c.district = d.sig
ORDER BY 1, 2

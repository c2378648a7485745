-- The factors that the events used, and those of which they are made, with the number of facts.
WITH used AS (
  SELECT e.factor_id AS seq, sum(e.sign)::bigint AS facts
  FROM journal_event e JOIN journal_label l ON l.id = e.label_id
  WHERE l.code = ANY(%(labels)s) AND e.seq <= %(cut)s AND e.factor_id IS NOT NULL
    AND e.on_date BETWEEN %(first)s AND %(last)s
  GROUP BY 1
),
parts AS (
  SELECT p.seq, sum(u.facts)::bigint AS facts
  FROM used u JOIN journal_factor f ON f.seq = u.seq
  JOIN journal_factor p ON p.uid = ANY(f.made_of)
  GROUP BY 1
),
every AS (
  SELECT seq, max(facts) AS facts FROM (SELECT * FROM used UNION ALL SELECT * FROM parts) b GROUP BY 1
)
SELECT f.code, f.gas, f.from_unit, coalesce(f.micrograms::text, ''), f.year::text, f.purpose,
       f.source, coalesce(f.reliability::text, ''), e.facts::text, f.is_synthetic
FROM every e JOIN journal_factor f ON f.seq = e.seq
ORDER BY f.code, f.year, f.seq

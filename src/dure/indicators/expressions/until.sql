-- Everything that happened up to the end of each period, up to a cut, folded by district, label and
-- dims: what was ever decided, and what was done of it by then.
WITH ends AS (SELECT unnest(%(ends)s::date[]) AS day)
SELECT x.day, e.district, l.code, coalesce(e.dims::text, '{}') AS dims,
       sum(e.sign)::bigint AS facts, sum(e.sign * e.qty)::bigint AS qty, count(*) AS rows_read
FROM ends x JOIN journal_event e ON e.on_date <= x.day AND e.seq <= %(cut)s
JOIN journal_label l ON l.id = e.label_id
WHERE l.code = ANY(%(labels)s)
GROUP BY 1, 2, 3, 4

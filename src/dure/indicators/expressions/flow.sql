-- What happened, up to a cut, folded by month, district, label and dims. A hand-over between private
-- persons (no organisation) is not counted.
SELECT to_char(e.on_date, 'YYYY-MM') AS month, e.district, l.code,
       coalesce(e.dims::text, '{}') AS dims,
       sum(e.sign)::bigint AS facts,
       sum(e.sign * e.qty)::bigint AS qty,
       coalesce(sum(e.sign * e.gco2e), 0)::bigint AS gco2e,
       coalesce(sum(e.sign) FILTER (WHERE e.gco2e IS NOT NULL), 0)::bigint AS factored,
       count(*) AS rows_read,
       count(*) FILTER (WHERE e.recorded_at > e.ended + make_interval(days => %(late_days)s)) AS late
FROM journal_event e JOIN journal_label l ON l.id = e.label_id
WHERE l.code = ANY(%(labels)s) AND e.seq <= %(cut)s
  AND e.on_date BETWEEN %(first)s AND %(last)s
  AND (l.code <> 'reuse.handover' OR e.org_id IS NOT NULL)
GROUP BY 1, 2, 3, 4

-- The events behind the recomputable numbers, as everybody may see them: no person, no free text, and
-- no id of a sole trader.
SELECT e.uid::text, l.code, l.version::text, e.district,
       CASE WHEN o.form IS NOT NULL AND o.form <> 'sole_trader' THEN o.id::text ELSE '' END,
       coalesce(e.dims::text, '{}'), e.sign::text, e.qty::text, e.unit, e.on_date::text, e.evidence,
       coalesce(f.code, ''), coalesce(e.gco2e::text, ''), coalesce(c.uid::text, '')
FROM journal_event e
JOIN journal_label l ON l.id = e.label_id
LEFT JOIN registry_organisation o ON o.id = e.org_id
LEFT JOIN journal_factor f ON f.seq = e.factor_id
LEFT JOIN journal_event c ON c.seq = e.corrects_id
WHERE l.code = ANY(%(labels)s) AND e.seq <= %(cut)s AND NOT e.care
  AND e.on_date BETWEEN %(first)s AND %(last)s
  AND (l.code <> 'reuse.handover' OR e.org_id IS NOT NULL)
ORDER BY e.seq

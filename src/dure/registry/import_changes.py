"""The set-wise SQL of changes to organisations that the register holds already, and of undoing.

Places as `dure.registry.import_statements`. What ends today keeps its row with an upper bound;
the new value begins today; so undoing finds both by the import's audit line.
"""

from __future__ import annotations

# Each statement in order; a row that began today or later is replaced in place.
CHANGES = (
    """
UPDATE registry_orgname n SET valid = daterange(lower(n.valid), %(today)s::date), audit = %(audit)s
FROM registry_importrow r WHERE r.imp_id = %(imp)s AND NOT r.held AND r.changes ? 'name'
  AND n.organisation_id = r.organisation AND n.valid @> %(today)s::date
  AND (lower(n.valid) IS NULL OR lower(n.valid) < %(today)s::date)
""",
    """
DELETE FROM registry_orgname n USING registry_importrow r
WHERE r.imp_id = %(imp)s AND NOT r.held AND r.changes ? 'name'
  AND n.organisation_id = r.organisation AND lower(n.valid) >= %(today)s::date
""",
    """
INSERT INTO registry_orgname (id, organisation_id, name, search_key, valid, audit)
SELECT gen_random_uuid(), organisation, name, name_key, daterange(%(today)s::date, NULL), %(audit)s
FROM registry_importrow WHERE imp_id = %(imp)s AND NOT held AND changes ? 'name'
""",
    """
UPDATE registry_site s SET valid = daterange(lower(s.valid), %(today)s::date), audit = %(audit)s
FROM registry_importrow r WHERE r.imp_id = %(imp)s AND NOT r.held AND r.changes ?|
  '{address,district}'
  AND s.organisation_id = r.organisation AND s.is_head AND s.valid @> %(today)s::date
  AND (lower(s.valid) IS NULL OR lower(s.valid) < %(today)s::date)
""",
    """
DELETE FROM registry_site s USING registry_importrow r
WHERE r.imp_id = %(imp)s AND NOT r.held AND r.changes ?| '{address,district}'
  AND s.organisation_id = r.organisation AND s.is_head AND lower(s.valid) >= %(today)s::date
""",
    """
INSERT INTO registry_site (id, organisation_id, use, address, district_id, dong, latitude_e5,
  longitude_e5, is_head, valid, audit)
SELECT gen_random_uuid(), r.organisation, 'office',
  CASE WHEN o.form = 'sole_trader' THEN '' ELSE r.address END, r.district, '', NULL, NULL, true,
  daterange(%(today)s::date, NULL), %(audit)s
FROM registry_importrow r JOIN registry_organisation o ON o.id = r.organisation
WHERE r.imp_id = %(imp)s AND NOT r.held AND r.changes ?| '{address,district}'
""",
    """
UPDATE registry_orgnumber n SET valid = daterange(lower(n.valid), %(today)s::date), audit =
  %(audit)s
FROM registry_importrow r WHERE r.imp_id = %(imp)s AND NOT r.held AND r.changes ? n.scheme
  AND n.organisation_id = r.organisation AND n.valid @> %(today)s::date
  AND (lower(n.valid) IS NULL OR lower(n.valid) < %(today)s::date)
""",
    """
DELETE FROM registry_orgnumber n USING registry_importrow r
WHERE r.imp_id = %(imp)s AND NOT r.held AND r.changes ? n.scheme
  AND n.organisation_id = r.organisation AND lower(n.valid) >= %(today)s::date
""",
    """
INSERT INTO registry_orgnumber (id, organisation_id, scheme, token, digits, valid, audit)
SELECT gen_random_uuid(), r.organisation, s.scheme, s.token,
  CASE WHEN o.form = 'sole_trader' THEN NULL ELSE s.digits END, daterange(%(today)s::date, NULL),
  %(audit)s
FROM registry_importrow r JOIN registry_organisation o ON o.id = r.organisation
CROSS JOIN LATERAL (VALUES ('biz', biz_token, biz), ('corp', corp_token, corp))
  AS s (scheme, token, digits)
WHERE r.imp_id = %(imp)s AND NOT r.held AND r.changes ? s.scheme AND s.token IS NOT NULL
  AND (o.form = 'sole_trader' OR s.digits IS NOT NULL)
""",
    """
UPDATE registry_orgstate s
SET valid = daterange(lower(s.valid), d.day), audit = %(audit)s
FROM registry_importrow r, LATERAL (SELECT CASE r.org_state WHEN 'closed'
  THEN coalesce(r.ended, %(today)s::date) ELSE %(today)s::date END AS day) d
WHERE r.imp_id = %(imp)s AND NOT r.held AND r.changes ? 'state' AND s.organisation_id =
  r.organisation
  AND (upper_inf(s.valid) OR upper(s.valid) > d.day)
  AND (lower(s.valid) IS NULL OR lower(s.valid) < d.day)
""",
    """
DELETE FROM registry_orgstate s USING registry_importrow r
WHERE r.imp_id = %(imp)s AND NOT r.held AND r.changes ? 'state' AND s.organisation_id =
  r.organisation
  AND lower(s.valid) >= CASE r.org_state WHEN 'closed'
    THEN coalesce(r.ended, %(today)s::date) ELSE %(today)s::date END
""",
    """
INSERT INTO registry_orgstate (id, organisation_id, state, valid, audit)
SELECT gen_random_uuid(), organisation, org_state, daterange(CASE org_state WHEN 'closed'
  THEN coalesce(ended, %(today)s::date) ELSE %(today)s::date END, NULL), %(audit)s
FROM registry_importrow WHERE imp_id = %(imp)s AND NOT held AND changes ? 'state'
""",
    """
DELETE FROM registry_orgcontact c USING registry_importrow r
WHERE r.imp_id = %(imp)s AND NOT r.held AND r.changes ? c.kind AND c.organisation_id =
  r.organisation
""",
    """
UPDATE registry_organisation o SET audit = %(audit)s,
  name = r.name, name_key = r.name_key,
  jamo_keys = CASE WHEN r.changes ? 'name' THEN r.jamo_keys || ' ' || o.jamo_keys ELSE o.jamo_keys
  END,
  initials_keys = CASE WHEN r.changes ? 'name' THEN r.initials_keys || ' ' || o.initials_keys
    ELSE o.initials_keys END,
  district_id = r.district, founded_on = coalesce(r.founded, o.founded_on),
  ended_on = CASE WHEN r.org_state <> 'closed' AND r.changes ? 'state' THEN r.ended
    ELSE coalesce(r.ended, o.ended_on) END
FROM registry_importrow r WHERE r.imp_id = %(imp)s AND NOT r.held AND r.changes IS NOT NULL
  AND o.id = r.organisation
""",
)

# A status that the list states and the register lacks begins today; one of a closed organisation
# ends.
NEW_STATUSES_OF_KNOWN = """
INSERT INTO registry_orgstatus (id, organisation_id, code, issuer, certificate, evidence_upload,
  evidence_class, valid, audit)
SELECT gen_random_uuid(), organisation, kind, '', '', NULL, 'A', daterange(%(today)s::date, NULL),
  %(audit)s
FROM registry_importrow WHERE imp_id = %(imp)s AND NOT held AND changes ? 'kind'
  AND org_state <> 'closed'
RETURNING id, organisation_id, code, lower(valid), upper(valid)
"""

ENDED_STATUSES = """
UPDATE registry_orgstatus s SET audit = %(audit)s, valid = CASE
    WHEN lower(s.valid) >= d.day THEN 'empty'::daterange ELSE daterange(lower(s.valid), d.day) END
FROM registry_importrow r, LATERAL (SELECT coalesce(r.ended, %(today)s::date) AS day) d
WHERE r.imp_id = %(imp)s AND NOT r.held AND r.changes ? 'state' AND r.org_state = 'closed'
  AND s.organisation_id = r.organisation AND (upper_inf(s.valid) OR upper(s.valid) > d.day)
RETURNING s.id, s.organisation_id, s.code, d.day
"""

# Statuses of organisations that moved to another district, for the facts of leaving and coming.
MOVED = """
SELECT s.id, r.organisation, s.code, r.changes->'district'->>0
FROM registry_importrow r JOIN registry_orgstatus s ON s.organisation_id = r.organisation
WHERE r.imp_id = %(imp)s AND NOT r.held AND r.changes ? 'district' AND s.valid @> %(today)s::date
"""

# -- undoing: `applied` is the line of the import, `audit` that of the undoing -------------------

# What somebody changed since is left and listed.
CHANGED_SINCE = """
SELECT r.line, r.name FROM registry_importrow r JOIN registry_organisation o ON o.id =
  r.organisation
WHERE r.imp_id = %(imp)s AND NOT r.held AND r.against <> 'same' AND (o.audit <> %(applied)s
  OR EXISTS (SELECT FROM registry_orgstate t WHERE t.organisation_id = o.id AND lower(t.valid) IS
  NOT NULL
             AND t.audit <> %(applied)s AND r.against = 'new')
  OR EXISTS (SELECT FROM registry_orgstatus t WHERE t.organisation_id = o.id
             AND t.audit <> %(applied)s AND r.against = 'new')
  OR EXISTS (SELECT FROM registry_membership t WHERE t.organisation_id = o.id
             AND t.audit <> %(applied)s AND r.against = 'new'))
ORDER BY r.line
"""

LEAVE = """
UPDATE registry_importrow SET held = true, audit = %(audit)s
WHERE imp_id = %(imp)s AND line = ANY(%(lines)s)
"""

STATUSES_TO_END = """
SELECT s.id, s.organisation_id, s.code, o.district_id, o.form, lower(s.valid)
FROM registry_importrow r JOIN registry_orgstatus s ON s.organisation_id = r.organisation
JOIN registry_organisation o ON o.id = s.organisation_id
WHERE r.imp_id = %(imp)s AND NOT r.held AND s.audit = %(applied)s AND upper_inf(s.valid)
"""

UNDO = (
    *(
        f"""
DELETE FROM registry_{table} t USING registry_importrow r
WHERE r.imp_id = %(imp)s AND NOT r.held AND r.against IN ('new', 'change')
  AND t.organisation_id = r.organisation AND t.audit = %(applied)s
  AND (r.against = 'new' OR upper_inf(t.valid))
"""  # noqa: S608 - constants only
        for table in ("orgname", "orgnumber", "orgstate", "orgstatus", "site")
    ),
    *(
        f"""
UPDATE registry_{table} t SET valid = daterange(lower(t.valid), NULL), audit = %(audit)s
FROM registry_importrow r
WHERE r.imp_id = %(imp)s AND NOT r.held AND r.against = 'change'
  AND t.organisation_id = r.organisation AND t.audit = %(applied)s AND NOT isempty(t.valid)
"""  # noqa: S608 - constants only
        for table in ("orgname", "orgnumber", "orgstate", "orgstatus", "site")
    ),
    """
DELETE FROM registry_membership t USING registry_importrow r
WHERE r.imp_id = %(imp)s AND NOT r.held AND t.member_id = r.organisation AND t.audit = %(applied)s
""",
    """
DELETE FROM registry_orgcontact t USING registry_importrow r
WHERE r.imp_id = %(imp)s AND NOT r.held AND t.organisation_id = r.organisation
  AND t.audit = %(applied)s
""",
    """
UPDATE registry_organisation o SET annulled = true, audit = %(audit)s
FROM registry_importrow r WHERE r.imp_id = %(imp)s AND NOT r.held AND r.against = 'new'
  AND o.id = r.organisation
""",
    """
INSERT INTO registry_orgyear (id, organisation_id, year, kind, value, source, evidence_class,
  corrects_id, stated_at, audit)
SELECT gen_random_uuid(), v.organisation_id, v.year, v.kind, w.value, %(source)s, w.evidence_class,
  v.id, %(now)s, %(audit)s
FROM registry_importrow r JOIN registry_orgyear v ON v.organisation_id = r.organisation
JOIN registry_orgyear w ON w.id = v.corrects_id
WHERE r.imp_id = %(imp)s AND NOT r.held AND r.against = 'change' AND v.audit = %(applied)s
""",
)

CHANGED_ROWS = """
SELECT r.organisation, r.changes FROM registry_importrow r
WHERE r.imp_id = %(imp)s AND NOT r.held AND r.against = 'change'
"""

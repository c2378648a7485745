"""The set-wise SQL of list imports: staging, comparing, storing, undoing.

Places are named: imp (import id), audit (line in the making), today (KST date), year, now.
A row *stands* when it is neither held nor refused.
"""

from __future__ import annotations

COPY = """
COPY registry_importrow (imp_id, organisation, line, verdict, issues, held, against, changes, name,
  name_key, jamo_keys, initials_keys, form, kind, org_state, district, address, biz, corp,
  biz_token,
  corp_token, founded, ended, members, capital, parent_key, mail, phone, web, audit) FROM STDIN
"""

# Search keys of federations the register knows, each by one name only.
WITH_NAMES = """
SELECT name_key FROM registry_organisation
WHERE name_key = ANY(%(keys)s) AND merged_into_id IS NULL AND NOT annulled
GROUP BY name_key HAVING count(*) = 1
"""

LATE = """
UPDATE registry_importrow r
SET issues = coalesce(r.issues, '[]'::jsonb) || l.issues, audit = %(audit)s,
    verdict = CASE r.verdict WHEN 'reject' THEN 'reject' ELSE 'warn' END
FROM (SELECT unnest(%(lines)s::int[]) AS line, unnest(%(issues)s::text[])::jsonb AS issues) l
WHERE r.imp_id = %(imp)s AND r.line = l.line
"""

# Who each row is: by business number, else corporate number, else by name, district and founding
# day
# where the register holds no number of a scheme that the row states. Then what differs.
COMPARE = """
WITH met AS (
  SELECT r.id, coalesce(b.org, c.org, k.org) AS org
  FROM registry_importrow r
  LEFT JOIN LATERAL (
    SELECT coalesce(o.merged_into_id, o.id) AS org FROM registry_orgnumber n
    JOIN registry_organisation o ON o.id = n.organisation_id AND NOT o.annulled
    WHERE n.scheme = 'biz' AND n.token = r.biz_token AND n.valid @> %(today)s::date LIMIT 1) b
    ON r.biz_token IS NOT NULL
  LEFT JOIN LATERAL (
    SELECT coalesce(o.merged_into_id, o.id) AS org FROM registry_orgnumber n
    JOIN registry_organisation o ON o.id = n.organisation_id AND NOT o.annulled
    WHERE n.scheme = 'corp' AND n.token = r.corp_token AND n.valid @> %(today)s::date LIMIT 1) c
    ON r.corp_token IS NOT NULL AND b.org IS NULL
  LEFT JOIN LATERAL (
    SELECT o.id AS org FROM registry_organisation o
    WHERE o.name_key = r.name_key AND o.district_id = r.district
      AND o.founded_on IS NOT DISTINCT FROM r.founded AND o.merged_into_id IS NULL AND NOT
      o.annulled
      AND NOT EXISTS (SELECT FROM registry_orgnumber n WHERE n.organisation_id = o.id
        AND n.valid @> %(today)s::date
        AND (n.scheme = 'biz' AND r.biz_token IS NOT NULL
          OR n.scheme = 'corp' AND r.corp_token IS NOT NULL))
    LIMIT 1) k ON b.org IS NULL AND c.org IS NULL
  WHERE r.imp_id = %(imp)s AND r.verdict <> 'reject'
    AND coalesce(b.org, c.org, k.org) IS NOT NULL
), told AS (
  SELECT m.id, m.org, jsonb_strip_nulls(jsonb_build_object(
    'name', CASE WHEN o.name <> r.name THEN jsonb_build_array(o.name, r.name) END,
    'district', CASE WHEN o.district_id <> r.district
      THEN jsonb_build_array(o.district_id, r.district) END,
    'founded', CASE WHEN r.founded <> o.founded_on OR (o.founded_on IS NULL AND r.founded IS NOT
    NULL)
      THEN jsonb_build_array(coalesce(o.founded_on::text, ''), r.founded) END,
    'ended', CASE WHEN r.ended <> o.ended_on OR (o.ended_on IS NULL AND r.ended IS NOT NULL)
      THEN jsonb_build_array(coalesce(o.ended_on::text, ''), r.ended) END,
    'state', CASE WHEN s.state IS DISTINCT FROM r.org_state
      THEN jsonb_build_array(coalesce(s.state, ''), r.org_state) END,
    'kind', CASE WHEN NOT EXISTS (SELECT FROM registry_orgstatus t WHERE t.organisation_id = o.id
        AND t.code = r.kind AND (t.valid @> %(today)s::date OR r.org_state = 'closed'))
      THEN jsonb_build_array('', r.kind) END,
    'address', CASE WHEN r.address <> '' AND o.form <> 'sole_trader'
        AND h.address IS DISTINCT FROM r.address
      THEN jsonb_build_array(coalesce(h.address, ''), r.address) END,
    'biz', CASE WHEN r.biz_token IS NOT NULL AND NOT EXISTS (SELECT FROM registry_orgnumber n
        WHERE n.organisation_id = o.id AND n.scheme = 'biz' AND n.token = r.biz_token
        AND n.valid @> %(today)s::date) THEN jsonb_build_array('', coalesce(r.biz, '•')) END,
    'corp', CASE WHEN r.corp_token IS NOT NULL AND NOT EXISTS (SELECT FROM registry_orgnumber n
        WHERE n.organisation_id = o.id AND n.scheme = 'corp' AND n.token = r.corp_token
        AND n.valid @> %(today)s::date) THEN jsonb_build_array('', coalesce(r.corp, '•')) END,
    'members', CASE WHEN r.members <> y.members OR (y.members IS NULL AND r.members IS NOT NULL)
      THEN jsonb_build_array(coalesce(y.members::text, ''), r.members) END,
    'capital', CASE WHEN r.capital <> y.capital OR (y.capital IS NULL AND r.capital IS NOT NULL)
      THEN jsonb_build_array(coalesce(y.capital::text, ''), r.capital) END,
    'mail', CASE WHEN r.mail <> '' AND o.form <> 'sole_trader' AND NOT EXISTS (
        SELECT FROM registry_orgcontact x
        WHERE x.organisation_id = o.id AND x.kind = 'mail' AND x.value = r.mail)
      THEN jsonb_build_array('', r.mail) END,
    'phone', CASE WHEN r.phone <> '' AND o.form <> 'sole_trader' AND NOT EXISTS (
        SELECT FROM registry_orgcontact x
        WHERE x.organisation_id = o.id AND x.kind = 'phone' AND x.value = r.phone)
      THEN jsonb_build_array('', r.phone) END,
    'web', CASE WHEN r.web <> '' AND o.form <> 'sole_trader' AND NOT EXISTS (
        SELECT FROM registry_orgcontact x
        WHERE x.organisation_id = o.id AND x.kind = 'web' AND x.value = r.web)
      THEN jsonb_build_array('', r.web) END,
    'parent', CASE WHEN r.parent_key <> '' AND r.org_state <> 'closed' AND NOT EXISTS (
        SELECT FROM registry_membership e JOIN registry_organisation f ON f.id = e.organisation_id
        WHERE e.member_id = o.id AND e.valid @> %(today)s::date AND f.name_key = r.parent_key)
        AND NOT coalesce(r.issues @> '[{"c": "dangling_parent"}]', false)
      THEN jsonb_build_array('', r.parent_key) END
  )) AS changes
  FROM met m JOIN registry_importrow r ON r.id = m.id JOIN registry_organisation o ON o.id = m.org
  LEFT JOIN LATERAL (SELECT state FROM registry_orgstate s WHERE s.organisation_id = o.id
    AND s.valid @> %(today)s::date LIMIT 1) s ON true
  LEFT JOIN LATERAL (SELECT address FROM registry_site h WHERE h.organisation_id = o.id
    AND h.is_head AND (h.valid @> %(today)s::date OR r.org_state = 'closed')
    ORDER BY h.valid DESC LIMIT 1) h ON true
  LEFT JOIN LATERAL (
    SELECT max(v.value) FILTER (WHERE v.kind = 'members') AS members,
           max(v.value) FILTER (WHERE v.kind = 'capital') AS capital
    FROM registry_orgyear v WHERE v.organisation_id = o.id AND v.year = %(year)s
      AND NOT EXISTS (SELECT FROM registry_orgyear w WHERE w.corrects_id = v.id)) y ON true
)
UPDATE registry_importrow r
SET organisation = t.org, audit = %(audit)s,
    against = CASE WHEN t.changes = '{}'::jsonb THEN 'same' ELSE 'change' END,
    changes = nullif(t.changes, '{}'::jsonb)
FROM told t WHERE t.id = r.id
"""

DISAGREE = """
UPDATE registry_importrow r SET verdict = 'reject', audit = %(audit)s,
  issues = coalesce(r.issues, '[]'::jsonb) || '[{"c": "numbers_disagree", "n": 0, "v": "", "m":
  ""}]'
FROM registry_orgnumber n JOIN registry_organisation o ON o.id = n.organisation_id AND NOT
  o.annulled
WHERE r.imp_id = %(imp)s AND r.verdict <> 'reject' AND r.against <> 'new'
  AND n.scheme = 'corp' AND n.token = r.corp_token AND n.valid @> %(today)s::date
  AND coalesce(o.merged_into_id, o.id) <> r.organisation
"""

TWICE = """
UPDATE registry_importrow r SET verdict = 'reject', audit = %(audit)s,
  issues = coalesce(r.issues, '[]'::jsonb) || '[{"c": "dup_target", "n": 0, "v": "", "m": ""}]'
FROM (SELECT organisation, min(line) AS line FROM registry_importrow
      WHERE imp_id = %(imp)s AND verdict <> 'reject' AND against <> 'new'
      GROUP BY organisation HAVING count(*) > 1) d
WHERE r.imp_id = %(imp)s AND r.verdict <> 'reject' AND r.against <> 'new'
  AND r.organisation = d.organisation AND r.line <> d.line
"""

# -- storing what is new -------------------------------------------------------------------------
# The ids of its rows follow from that of the organisation, which is random and new: no draw a row,
# and the indexes over them grow at their ends.

NEW_ORGANISATIONS = """
INSERT INTO registry_organisation (id, name, name_en, name_key, jamo_keys, initials_keys, form,
  founded_on, ended_on, district_id, merged_into_id, annulled, created_at, audit)
SELECT organisation, name, '', name_key, jamo_keys, initials_keys, form, founded, ended, district,
  NULL, false, %(now)s, %(audit)s
FROM registry_importrow WHERE imp_id = %(imp)s AND against = 'new' AND NOT held
"""

NEW_NAMES = """
INSERT INTO registry_orgname (id, organisation_id, name, search_key, valid, audit)
SELECT organisation, organisation, name, name_key, daterange(founded, NULL), %(audit)s
FROM registry_importrow WHERE imp_id = %(imp)s AND against = 'new' AND NOT held
"""

NEW_NUMBERS = """
INSERT INTO registry_orgnumber (id, organisation_id, scheme, token, digits, valid, audit)
SELECT overlay(organisation::text PLACING s.mark FROM 36)::uuid, organisation, s.scheme, s.token,
  s.digits, daterange(founded, NULL), %(audit)s
FROM registry_importrow r, LATERAL (VALUES
  ('0', 'biz', biz_token, biz), ('1', 'corp', corp_token, corp)) AS s (mark, scheme, token, digits)
WHERE imp_id = %(imp)s AND against = 'new' AND NOT held AND s.token IS NOT NULL
"""

# A closed organisation worked until its end; one that is paused or closed without a day is so
# from today.
NEW_STATES = """
INSERT INTO registry_orgstate (id, organisation_id, state, valid, audit)
SELECT s.id, organisation, s.state, s.valid, %(audit)s
FROM registry_importrow r, LATERAL (
  SELECT gen_random_uuid() AS id, 'operating' AS state, daterange(founded, ended) AS valid
  WHERE org_state = 'closed' AND ended IS NOT NULL AND (founded IS NULL OR founded < ended)
  UNION ALL
  SELECT organisation, org_state, CASE
    WHEN org_state = 'closed' THEN daterange(coalesce(ended, %(today)s::date), NULL)
    WHEN org_state = 'paused' THEN daterange(%(today)s::date, NULL)
    ELSE daterange(founded, NULL) END) s
WHERE imp_id = %(imp)s AND against = 'new' AND NOT held
"""

STATUS_DAYS = """
CASE WHEN org_state = 'closed' AND founded = ended THEN 'empty'::daterange
     WHEN org_state = 'closed' AND ended IS NOT NULL THEN daterange(founded, ended)
     WHEN org_state = 'closed' AND (founded IS NULL OR founded < %(today)s::date)
       THEN daterange(founded, %(today)s::date)
     ELSE daterange(founded, NULL) END
"""
NEW_STATUSES = f"""
INSERT INTO registry_orgstatus (id, organisation_id, code, issuer, certificate, evidence_upload,
  evidence_class, valid, audit)
SELECT organisation, organisation, kind, '', '', NULL, 'A', {STATUS_DAYS}, %(audit)s
FROM registry_importrow WHERE imp_id = %(imp)s AND against = 'new' AND NOT held
"""  # noqa: S608 - constants only
# The same statuses as the journal is told of them.
BEGAN = f"""
SELECT organisation, organisation, kind, lower(valid), upper(valid), district, form, founded
FROM (SELECT *, {STATUS_DAYS} AS valid FROM registry_importrow
      WHERE imp_id = %(imp)s AND against = 'new' AND NOT held) r
"""  # noqa: S608 - constants only

NEW_SITES = """
INSERT INTO registry_site (id, organisation_id, use, address, district_id, dong, latitude_e5,
  longitude_e5, is_head, valid, audit)
SELECT organisation, organisation, 'office', address, district, '', NULL, NULL, true,
  daterange(founded, NULL), %(audit)s
FROM registry_importrow WHERE imp_id = %(imp)s AND against = 'new' AND NOT held
"""

NEW_CONTACTS = """
INSERT INTO registry_orgcontact (id, organisation_id, kind, value, is_public, audit)
SELECT CASE WHEN against = 'new' THEN overlay(organisation::text PLACING s.mark FROM 36)::uuid
  ELSE gen_random_uuid() END, organisation, s.kind, s.value, true, %(audit)s
FROM registry_importrow r, LATERAL (VALUES
  ('0', 'mail', mail), ('1', 'phone', phone), ('2', 'web', web)) AS s (mark, kind, value)
WHERE imp_id = %(imp)s AND NOT held AND s.value <> ''
  AND (against = 'new' OR against = 'change' AND changes ? s.kind)
"""

# A value that stood before is corrected by the new one; nothing is edited.
YEARS = """
INSERT INTO registry_orgyear (id, organisation_id, year, kind, value, source, evidence_class,
  corrects_id, stated_at, audit)
SELECT CASE WHEN against = 'new' THEN overlay(organisation::text PLACING s.mark FROM 36)::uuid
  ELSE gen_random_uuid() END, organisation, %(year)s, s.kind, s.value, %(source)s, 'A', o.id,
  %(now)s, %(audit)s
FROM registry_importrow r CROSS JOIN LATERAL (VALUES
  ('0', 'members', members), ('1', 'capital', capital)) AS s (mark, kind, value)
LEFT JOIN LATERAL (SELECT v.id FROM registry_orgyear v
  WHERE r.against = 'change' AND v.organisation_id = r.organisation AND v.year = %(year)s
    AND v.kind = s.kind AND NOT EXISTS (SELECT FROM registry_orgyear w WHERE w.corrects_id = v.id)
  LIMIT 1) o ON true
WHERE imp_id = %(imp)s AND NOT held AND s.value IS NOT NULL
  AND (against = 'new' OR against = 'change' AND changes ? s.kind)
"""

# A federation is a row of this list that stands, or the one organisation of that name.
PARENTS = """
INSERT INTO registry_membership (id, organisation_id, person_id, member_id, member_class,
  household_id, state, applied_at, admitted_by, valid, audit)
SELECT gen_random_uuid(), f.org, NULL, r.organisation, 'federated', NULL, 'admitted', %(now)s, NULL,
  daterange(%(today)s::date, NULL), %(audit)s
FROM registry_importrow r
JOIN LATERAL (
  SELECT o.id AS org FROM registry_organisation o
  WHERE o.name_key = r.parent_key AND o.merged_into_id IS NULL AND NOT o.annulled
  ORDER BY (o.audit = %(audit)s) DESC, o.id LIMIT 1) f ON f.org <> r.organisation
WHERE r.imp_id = %(imp)s AND NOT r.held AND r.parent_key <> '' AND r.org_state <> 'closed'
  AND (r.against = 'new' OR r.against = 'change' AND r.changes ? 'parent')
"""

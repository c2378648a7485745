-- Staging of list imports: few rows change anything, and those are looked for by their import.
CREATE INDEX importrow_changes ON registry_importrow (imp_id, organisation) WHERE changes IS NOT NULL;

-- Staging of list imports: rows are looked for by organisation when an import is undone.
CREATE INDEX importrow_organisation ON registry_importrow (imp_id, organisation);

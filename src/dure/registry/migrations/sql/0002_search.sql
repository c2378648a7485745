-- Search over every name an organisation bears or bore. Two syllables of the jamo key, or two letters of
-- the doubled initials key, carry whole trigrams, so the index answers them without reading all of it.
CREATE INDEX organisation_jamo_search ON registry_organisation USING gin (jamo_keys gin_trgm_ops);
CREATE INDEX organisation_initials_search ON registry_organisation USING gin (initials_keys gin_trgm_ops);

-- Candidates of duplicates are found by similarity of composed keys.
CREATE INDEX organisation_similar_names ON registry_organisation USING gin (name_key gin_trgm_ops);

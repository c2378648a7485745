DROP INDEX organisation_similar_names;
DROP INDEX organisation_initials_search;
DROP INDEX organisation_jamo_search;

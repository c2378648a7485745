CREATE OR REPLACE FUNCTION dure_grants(p_person uuid, p_at timestamptz) RETURNS text[]
LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN NULL; END $$;

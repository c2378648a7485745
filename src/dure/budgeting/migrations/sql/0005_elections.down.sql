SET LOCAL ROLE dure_urn;
DROP FUNCTION urn.import_ballots(uuid, jsonb, uuid);
RESET ROLE;

DROP TRIGGER place_line ON core_auditline;
DROP FUNCTION dure_place_line();
DROP FUNCTION dure_open(uuid, text, uuid, text, text, boolean, uuid);
DROP FUNCTION dure_grants(uuid, timestamptz);

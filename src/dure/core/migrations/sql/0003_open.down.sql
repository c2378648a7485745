DROP FUNCTION dure_open(uuid, text, uuid, text, text, boolean);

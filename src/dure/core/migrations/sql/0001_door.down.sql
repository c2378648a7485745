DROP FUNCTION dure_door();
DROP FUNCTION dure_batch_base();
DROP FUNCTION dure_era();
DROP FUNCTION dure_today();
DROP FUNCTION dure_now();

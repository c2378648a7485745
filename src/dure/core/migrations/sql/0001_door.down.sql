DROP FUNCTION dure_require_action();
DROP FUNCTION dure_batch_base();
DROP FUNCTION dure_era();
DROP FUNCTION dure_today();
DROP FUNCTION dure_now();

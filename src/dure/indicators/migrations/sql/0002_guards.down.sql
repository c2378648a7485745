DROP TRIGGER frozen_is_closed ON indicators_releaseversion;
DROP TRIGGER frozen_is_closed ON indicators_run;
DROP TRIGGER frozen_is_closed ON indicators_releasefile;
DROP TRIGGER frozen_is_closed ON indicators_releasecell;
DROP FUNCTION indicators_frozen_is_closed();
DROP TRIGGER step_follows ON indicators_releasestep;
DROP FUNCTION indicators_step_follows();

-- Undo: Guards of the exchange.
DROP INDEX asset_search;
DROP INDEX listing_newest;
DROP INDEX listing_search;
ALTER TABLE exchange_agreement DROP CONSTRAINT agreement_state_is_of_its_process;

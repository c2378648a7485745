-- Guards of the exchange.

-- A case is always in a state of its version, and closed exactly where that version ends.
ALTER TABLE exchange_agreement ADD CONSTRAINT agreement_state_is_of_its_process
    FOREIGN KEY (process, version, state, is_closed)
    REFERENCES exchange_processstate (process, version, state, terminal);

-- Listings and things are found by their jamo key.
CREATE INDEX listing_search ON exchange_listing USING gin (search_key gin_trgm_ops)
    WHERE state = 'open';
CREATE INDEX listing_newest ON exchange_listing (created_at DESC, id) WHERE state = 'open';
CREATE INDEX asset_search ON exchange_asset USING gin (search_key gin_trgm_ops);

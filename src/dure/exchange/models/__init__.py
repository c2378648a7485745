"""Tables of exchange."""

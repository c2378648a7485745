"""What faces read of the ledger."""

"""Ledger: value that always sums to zero."""

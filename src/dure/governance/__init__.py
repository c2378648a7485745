"""Governance: frozen rules, rolls of who may vote, recusals."""

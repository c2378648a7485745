"""Budgeting: rounds in which residents or members decide on money."""

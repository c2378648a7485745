"""Participatory budgets (주민참여예산): exact rules on ballots about money, and their proofs."""

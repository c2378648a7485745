"""Ballots: who voted and what was voted, kept apart (see the urn's SQL)."""

"""Journal: what happened, under a standard label."""

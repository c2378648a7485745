"""Exchange: the local app and the sectors, one process engine."""

"""Registry: places, organisations, people, ties between them, and the vault."""

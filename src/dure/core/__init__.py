"""Core: the action door and what every room gets for free (see README.md)."""

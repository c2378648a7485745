"""Dure (두레): the operating platform of a solidarity economy."""

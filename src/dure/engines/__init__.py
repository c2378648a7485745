"""Arithmetic and rules with no framework: anyone can import them without Django."""

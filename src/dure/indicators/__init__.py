"""Indicators: definitions, releases, the public dashboard."""

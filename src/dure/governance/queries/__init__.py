"""Reads of governance for the rooms above and the faces."""

"""Reads of budgeting for the faces."""

"""Actions of governance, one module a noun."""

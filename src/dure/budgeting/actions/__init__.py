"""Actions of budgeting, one module a noun."""

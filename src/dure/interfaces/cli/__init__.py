"""The `dure` commands: each calls an action or a query, answers in words or as JSON, and exits 0,
1 or 2.
"""

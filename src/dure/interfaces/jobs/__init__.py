"""Background work: the worker, housekeeping, and the pages that tell whether all is well."""

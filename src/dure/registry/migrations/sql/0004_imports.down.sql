-- Undo: Staging of list imports.
DROP INDEX IF EXISTS importrow_changes;

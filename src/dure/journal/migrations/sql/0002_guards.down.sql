DROP TRIGGER label_only_ends ON journal_label;
DROP FUNCTION journal_label_only_ends();

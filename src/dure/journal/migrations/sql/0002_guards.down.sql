DROP TRIGGER label_stays ON journal_label;
DROP FUNCTION journal_label_stays();
DROP TRIGGER event_names_what_is_there ON journal_event;
DROP FUNCTION journal_event_names_what_is_there();
DROP TRIGGER label_only_ends ON journal_label;
DROP FUNCTION journal_label_only_ends();

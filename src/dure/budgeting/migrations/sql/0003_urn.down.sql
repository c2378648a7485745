SET LOCAL ROLE dure_urn;
DROP SCHEMA urn CASCADE;
SET LOCAL ROLE dure_marks;
DROP SCHEMA marks CASCADE;
RESET ROLE;
REVOKE ALL ON governance_rollentry, budgeting_moneyballot, budgeting_call, budgeting_phase,
    budgeting_envelope, budgeting_field, budgeting_project, budgeting_projectlink
    FROM dure_cast, dure_urn;
REVOKE ALL ON SEQUENCE budgeting_moneyballot_id_seq FROM dure_urn;
DROP FUNCTION budgeting_choice_fault(uuid, text, text[], integer[]);
REVOKE USAGE ON SCHEMA public FROM dure_marks, dure_urn, dure_cast;

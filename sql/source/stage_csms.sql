-- Rows of csms as read: file and line in `place`, columns as in src/source/fields.c.
create or replace temp table stage_csms (
    place bigint,
    csm_id text,
    name text,
    capacity_hours double,
    skills text,
    regions text,
    cost_per_hour double,
    currency text
);

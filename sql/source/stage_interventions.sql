-- Rows of interventions as read: file and line in `place`, columns as in src/source/fields.c.
create or replace temp table stage_interventions (
    place bigint,
    account_id integer,
    intervention_id text,
    "at" integer,
    minutes double,
    playbook text,
    kind text,
    outcome text
);

-- Rows of health as read: file and line in `place`, columns as in src/source/fields.c.
create or replace temp table stage_health (
    place bigint,
    account_id integer,
    "at" integer,
    score double
);

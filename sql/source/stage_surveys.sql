-- Rows of surveys as read: file and line in `place`, columns as in src/source/fields.c.
create or replace temp table stage_surveys (
    place bigint,
    account_id integer,
    survey_id text,
    answered_at integer,
    kind double,
    score double,
    contact_id text,
    text text
);

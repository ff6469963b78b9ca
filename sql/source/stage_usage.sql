-- Rows of usage as read: file and line in `place`, columns as in src/source/fields.c.
create or replace temp table stage_usage (
    place bigint,
    account_id integer,
    "at" integer,
    feature integer,
    user_id integer,
    count double,
    usage_id text
);

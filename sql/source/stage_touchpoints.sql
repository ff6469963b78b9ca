-- Rows of touchpoints as read: file and line in `place`, columns as in src/source/fields.c.
create or replace temp table stage_touchpoints (
    place bigint,
    account_id integer,
    touchpoint_id text,
    "at" integer,
    minutes double,
    responded double,
    csm_id text,
    channel text
);

-- Rows of snapshots as read: file and line in `place`, columns as in src/source/fields.c.
create or replace temp table stage_snapshots (
    place bigint,
    account_id integer,
    date integer,
    arr double,
    period double,
    currency text
);

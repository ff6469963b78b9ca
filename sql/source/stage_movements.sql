-- Rows of movements as read: file and line in `place`, columns as in src/source/fields.c.
create or replace temp table stage_movements (
    place bigint,
    account_id integer,
    date integer,
    delta double,
    kind text,
    type text,
    reason text,
    movement_id text,
    period double,
    currency text
);

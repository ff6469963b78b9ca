-- Rows of opportunities as read: file and line in `place`, columns as in src/source/fields.c.
create or replace temp table stage_opportunities (
    place bigint,
    account_id integer,
    opportunity_id text,
    opened_at integer,
    due_on integer,
    amount double,
    kind double,
    stage double,
    competitor text,
    currency text
);

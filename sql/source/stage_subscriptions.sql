-- Rows of subscriptions as read: file and line in `place`, columns as in src/source/fields.c.
create or replace temp table stage_subscriptions (
    place bigint,
    account_id integer,
    subscription_id text,
    start integer,
    "end" integer,
    amount double,
    seats double,
    product text,
    reason text,
    cancelled_on integer,
    period double,
    currency text
);

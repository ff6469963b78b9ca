-- Rows of orders as read: file and line in `place`, columns as in src/source/fields.c.
create or replace temp table stage_orders (
    place bigint,
    account_id integer,
    order_id text,
    ordered_at integer,
    amount double,
    quantity double,
    product text,
    currency text
);

-- The order ledger: one row per account and day. Rows without an order id are an order each; an
-- order that comes to less than nothing is a return and counts for its amount alone.
-- needs source/stage_orders.sql
insert into order_ledger
select account, day, sum(amount)::bigint, (count(*) filter (where amount >= 0))::integer,
    sum(quantity)
from (
    select account_id as account, ordered_at as day, sum(amount) as amount,
        sum(quantity) as quantity
    from stage_orders
    group by account_id, ordered_at, coalesce(order_id, '#' || place)
) as o
group by account, day
order by account, day;

-- The order ledger: one row per account and day. Rows without an order id are an order each; an
-- order that comes to less than nothing is a return and counts for its amount alone. Units of a row
-- with a negative amount were given back, whichever sign the source writes them with.
-- needs source/stage_orders.sql
insert into order_ledger
select account, day, sum(amount)::bigint, (count(*) filter (where amount >= 0))::integer,
    sum(quantity)
from (
    select account_id as account, ordered_at as day, sum(amount) as amount,
        sum(case when amount < 0 then -abs(quantity) else quantity end) as quantity
    from stage_orders
    group by account_id, ordered_at, coalesce(order_id, '#' || place)
) as o
group by account, day
order by account, day;

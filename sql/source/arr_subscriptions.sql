-- Changes of ARR and of seats (in thousandths) by account and day, from subscriptions. One that does
-- not say how many seats it has, or says what cannot be (below 0, above a billion), has none.
--   $end_shift  INTEGER  1 when `end` is the last day of service, 0 when it is the first without
-- returns account INTEGER, day INTEGER, delta BIGINT, type VARCHAR, reason VARCHAR, seats BIGINT
-- needs source/stage_subscriptions.sql
with term as (
    select account_id as account, start, "end" + $end_shift::integer as stop, amount, reason,
        case when seats > 0 and seats <= 1e9 then round(seats * 1000) else 0 end as seats
    from stage_subscriptions
)
select account, day, sum(delta)::bigint as delta, null::varchar as type, max(reason) as reason,
    sum(seats)::bigint as seats
from (
    select account, start as day, amount as delta, null::varchar as reason, seats
    from term
    union all
    select account, stop, -amount, reason, -seats
    from term
    where stop is not null
) as change
group by account, day
having sum(delta)::bigint <> 0 or sum(seats) <> 0
order by account, day;

-- Changes of ARR by account and day, from subscriptions.
--   $end_shift  INTEGER  1 when `end` is the last day of service, 0 when it is the first without
-- returns account INTEGER, day INTEGER, delta BIGINT, type VARCHAR, reason VARCHAR
-- needs source/stage_subscriptions.sql
select account, day, sum(delta)::bigint as delta, null::varchar as type, max(reason) as reason
from (
    select account_id as account, start as day, amount as delta, null::varchar as reason
    from stage_subscriptions
    union all
    select account_id, "end" + $end_shift::integer, -amount, reason
    from stage_subscriptions
    where "end" is not null
) as change
group by account, day
having sum(delta)::bigint <> 0
order by account, day;

-- Changes of ARR by account and day, each subscription ending on the day on which it was cancelled
-- where that is before its end; of the accounts that have such a subscription.
--   $end_shift  INTEGER  1 when `end` is the last day of service, 0 when it is the first without
-- returns account INTEGER, day INTEGER, delta BIGINT, type VARCHAR, reason VARCHAR
-- needs source/stage_subscriptions.sql
with term as (
    select account_id, start, amount, reason, cancelled_on,
        "end" + $end_shift::integer as stop
    from stage_subscriptions
),
noticed as (
    select distinct account_id
    from term
    where cancelled_on is not null and (stop is null or cancelled_on < stop)
)
select account, day, sum(delta)::bigint as delta, null::varchar as type, max(reason) as reason
from (
    select account_id as account, start as day, amount as delta, null::varchar as reason
    from term
    where account_id in (select account_id from noticed)
    union all
    select account_id, greatest(start, least(stop, cancelled_on)), -amount, reason
    from term
    where account_id in (select account_id from noticed)
        and (stop is not null or cancelled_on is not null)
) as change
group by account, day
having sum(delta)::bigint <> 0
order by account, day;

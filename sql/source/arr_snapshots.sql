-- Changes of ARR by account and day, from snapshots. An account without a row in a calendar month
-- for which others have one has no ARR from the first snapshot of that month on.
--   $end_shift  INTEGER  not used
-- returns account INTEGER, day INTEGER, delta BIGINT, type VARCHAR, reason VARCHAR
-- needs source/stage_snapshots.sql
with dated as (
    select account_id as account, date as day, arr::bigint as level,
        date_trunc('month', date '1970-01-01' + date) as month
    from stage_snapshots
), months as (
    select month, min(day) as first_day, lead(month) over (order by month) as next_month,
        lead(min(day)) over (order by month) as next_day
    from dated
    group by month
), own as (
    select account, month, lead(month) over (partition by account order by month) as own_next
    from dated
    group by account, month
), levels as (
    select account, day, level from dated
    union all
    select own.account, months.next_day, 0
    from own
    join months on months.month = own.month
    where months.next_month is not null and own.own_next is distinct from months.next_month
)
select account, day + 0 * $end_shift::integer as day,
    (level - coalesce(lag(level) over (partition by account order by day), 0))::bigint as delta,
    null::varchar as type, null::varchar as reason
from levels
qualify delta <> 0
order by account, day;

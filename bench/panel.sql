-- The panel of bench/panel.c at one date, in SQL: the fastest of four forms tried. The first and the
-- last day need every row, the windows only those of 90 days, so they are two scans. Distinct days
-- and features are bits (no more than 30 days and 64 features); users are too many for that and are
-- grouped first. With `count(distinct)`, or with one scan for all, it takes longer.
--   $day          INTEGER  as-of date
--   $year_before  INTEGER  the day twelve months before it
with ever as (
    select account,
        max(day) as last_day,
        min(day) as first_day
    from usage_ledger
    where day <= $day::integer
    group by account
),
recent as (
    select account as recent_account,
        sum(events) filter (where day > $day::integer - 30) as events_30d,
        sum(events) as events_90d,
        sum(events) filter (where day between $day::integer - 59 and $day::integer - 30)
            as events_prev_30d,
        bit_count(bit_or(1::ubigint << (($day::integer - day) & 31))
            filter (where day > $day::integer - 30)) as active_days_30d,
        bit_count(bit_or(1::ubigint << feature) filter (where day > $day::integer - 30))
            as features_used_30d,
        bit_count(bit_or(1::ubigint << feature)) as features_used_90d
    from usage_ledger
    where day > $day::integer - 90 and day <= $day::integer
    group by account
),
usage as (
    select *
    from ever
    left join recent on recent_account = account
),
users as (
    select account,
        count(*) filter (where last_day > $day::integer - 30) as active_users_30d,
        count(*) as active_users_90d
    from (
        select account, usr, max(day) as last_day
        from usage_ledger
        where day > $day::integer - 90 and day <= $day::integer and usr is not null
        group by account, usr
    )
    group by account
),
arr as (
    select account,
        arg_max(arr_after, day) as arr,
        arg_max(arr_after, day) filter (where day <= $year_before::integer) as arr_12m_ago,
        sum(delta) filter (where kind = 1 and day > $year_before::integer) as expansion_12m
    from arr_ledger
    where day <= $day::integer
    group by account
),
known as (
    select count(*) as n
    from usage_feature
    where first_seen <= $day::integer
),
base as (
    select a.account,
        coalesce(least(a.started_on - date '1970-01-01', u.first_day) <= $day::integer, false) as here,
        u.*, s.*, r.*
    from account as a
    left join usage as u on u.account = a.account
    left join users as s on s.account = a.account
    left join arr as r on r.account = a.account
)
select account,
    coalesce(arr, 0) / 100 as arr,
    if(arr_12m_ago > 0, arr::double / arr_12m_ago - 1, null) as arr_growth_12m,
    coalesce(expansion_12m, 0) / 100 as expansion_12m,
    ($day::integer - last_day)::double as last_seen,
    if(here, coalesce(events_30d, 0), null)::double as events_30d,
    if(here, coalesce(events_90d, 0), null)::double as events_90d,
    if(events_prev_30d > 0, coalesce(events_30d, 0)::double / events_prev_30d - 1, null)
        as usage_trend_30d,
    if(here, coalesce(active_days_30d, 0), null)::double as active_days_30d,
    if(here, coalesce(features_used_30d, 0), null)::double as features_used_30d,
    if(here, coalesce(features_used_90d, 0), null)::double as features_used_90d,
    if(here, coalesce(active_users_30d, 0), null)::double as active_users_30d,
    if(here, coalesce(active_users_90d, 0), null)::double as active_users_90d,
    if(here, coalesce(features_used_90d, 0)::double / nullif((select n from known), 0), null)
        as adoption
from base

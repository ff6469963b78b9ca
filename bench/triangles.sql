-- All triangles of bench/triangles.c in SQL: logos, ARR (NRR), ARR kept (GRR) and revenue since the start, by
-- month of the first ARR and age in months. The fastest of four forms tried: changes summed by cohort and
-- age, then running sums over the ages; a state of every account at every month end takes far longer, and
-- so does looking months up in dates instead of in a table of days.
--   $until  INTEGER  as-of date
with days as (
    select d::integer as at,
        date_part('year', date '1970-01-01' + d::integer)::integer * 12
            + date_part('month', date '1970-01-01' + d::integer)::integer - 1 as month,
        (date_part('day', date '1970-01-01' + d::integer)::bigint - 1)
            * (377580 // date_part('day', last_day(date '1970-01-01' + d::integer))::bigint) as part
    from range((select min(day) from arr_ledger)::bigint, $until::bigint + 1) as r (d)
),
firsts as (
    select l.account as first_account, d.month as cohort, l.arr_after as base
    from arr_ledger as l
    join days as d on d.at = l.day
    where l.kind = 0 and l.day <= $until::integer
),
changes as (
    select f.cohort,
        d.month - f.cohort as age,
        count(*) filter (where l.kind = 0) as entered,
        sum(l.arr_after) filter (where l.kind = 0) as base,
        count(*) filter (where l.kind in (0, 4)) - count(*) filter (where l.kind = 3) as active,
        sum(l.delta) as arr,
        sum(least(l.arr_after, f.base) - least(l.arr_after - l.delta, f.base)) as kept,
        sum(l.delta * ((d.month - f.cohort) * 377580::bigint + d.part)) as paid
    from arr_ledger as l
    join firsts as f on f.first_account = l.account
    join days as d on d.at = l.day
    where l.day <= $until::integer
    group by f.cohort, d.month - f.cohort
),
grid as (
    select cohort, age
    from (select distinct cohort from firsts),
        range((select max(month) - min(month) + 1 from days)::bigint) as r (age)
    where cohort + age <= (select max(month) from days)
),
running as (
    select g.cohort,
        g.age,
        sum(c.entered) over ages as accounts,
        sum(c.base) over ages as base,
        sum(c.active) over ages as active,
        sum(c.arr) over ages as arr,
        sum(c.kept) over ages as kept,
        sum(c.paid) over ages as paid
    from grid as g
    left join changes as c on c.cohort = g.cohort and c.age = g.age
    window ages as (partition by g.cohort order by g.age)
)
select cohort::bigint as cohort,
    age::bigint as age,
    accounts::bigint as accounts,
    base::bigint as base,
    active::bigint as active,
    arr::bigint as arr,
    kept::bigint as kept,
    ((arr * ((age + 1) * 377580) - paid + 2265480) // 4530960)::bigint as revenue
from running
order by cohort, age

-- Calendar months between the first and the last staged day up to today that have no row at all.
--   $today  INTEGER
-- returns n BIGINT, first_gap VARCHAR
-- needs source/stage_orders.sql
select count(*) as n, strftime(min(month), '%Y-%m') as first_gap
from (
    select unnest(generate_series(min(month), max(month), interval 1 month)) as month
    from (
        select date_trunc('month', date '1970-01-01' + ordered_at) as month
        from stage_orders
        where ordered_at <= $today::integer
    ) as days
) as months
where month not in (
    select distinct date_trunc('month', date '1970-01-01' + ordered_at)
    from stage_orders
);

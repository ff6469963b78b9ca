-- What was staged of each file: rows, their days, how many of them after today.
--   $today  INTEGER
-- returns file_no BIGINT, n BIGINT, first_day INTEGER, last_day INTEGER, n_future BIGINT
-- needs source/stage_subscriptions.sql
select place >> 40 as file_no, count(*) as n, min(start) as first_day, max(start) as last_day,
    count(*) filter (where start > $today::integer) as n_future
from stage_subscriptions
group by place >> 40
order by file_no;

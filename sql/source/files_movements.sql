-- What was staged of each file: rows, their days, how many of them after today.
--   $today  INTEGER
-- returns file_no BIGINT, n BIGINT, first_day INTEGER, last_day INTEGER, n_future BIGINT
-- needs source/stage_movements.sql
select place >> 40 as file_no, count(*) as n, min(date) as first_day, max(date) as last_day,
    count(*) filter (where date > $today::integer) as n_future
from stage_movements
group by place >> 40
order by file_no;

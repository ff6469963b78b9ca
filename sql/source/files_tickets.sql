-- What was staged of each file: rows, their days, how many of them after today.
--   $today  INTEGER
-- returns file_no BIGINT, n BIGINT, first_day INTEGER, last_day INTEGER, n_future BIGINT
-- needs source/stage_tickets.sql
select place >> 40 as file_no, count(*) as n, min(opened_at) as first_day, max(opened_at) as last_day,
    count(*) filter (where opened_at > $today::integer) as n_future
from stage_tickets
group by place >> 40
order by file_no;

-- What was staged of each file: rows, their days, how many of them after today.
--   $today  INTEGER
-- returns file_no BIGINT, n BIGINT, first_day INTEGER, last_day INTEGER, n_future BIGINT
-- needs source/stage_contacts.sql
select place >> 40 as file_no, count(*) as n, min(known_from) as first_day, max(known_from) as last_day,
    count(*) filter (where known_from > $today::integer) as n_future
from stage_contacts
group by place >> 40
order by file_no;

-- What was loaded of each file: rows, their days, how many of them after today. Of rows with the same
-- id the first one counts; the others were refused.
--   $today  INTEGER
-- returns file_no BIGINT, n BIGINT, first_day INTEGER, last_day INTEGER, n_future BIGINT
-- needs source/stage_accounts.sql
select place >> 40 as file_no, count(*) as n, min(started_on) as first_day, max(started_on) as last_day,
    count(*) filter (where started_on > $today::integer) as n_future
from (
    select place, started_on
    from stage_accounts
    qualify row_number() over (partition by account_id order by place) = 1
)
group by place >> 40
order by file_no;

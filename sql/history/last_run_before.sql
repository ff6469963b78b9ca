-- The newest recorded review before a day.
--   $day  DATE  the day; reviews on it do not count
-- returns run_id INTEGER, as_of DATE, model_digest VARCHAR
select run_id, as_of, model_digest
from run
where as_of < $day
order by as_of desc, run_id desc
limit 1;

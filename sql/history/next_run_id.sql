-- The number for the next recorded review.
-- returns run_id INTEGER
select (coalesce(max(run_id), 0) + 1)::integer as run_id
from run;

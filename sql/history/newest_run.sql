-- Date of the newest recorded review; no row without one.
-- returns as_of DATE
select as_of
from run
order by as_of desc
limit 1;

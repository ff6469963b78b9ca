-- The number for the next saved fit.
-- returns fit INTEGER
select (coalesce(max(fit), 0) + 1)::integer as fit
from cluster_fit;

-- What accounts were compared by in a fit.
--   $fit  INTEGER
-- returns expression VARCHAR
select expression
from cluster_feature
where fit = $fit
order by place;

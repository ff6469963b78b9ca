-- The clusters of a fit.
--   $fit  INTEGER
-- returns cluster INTEGER, name VARCHAR
select cluster, name
from cluster_group
where fit = $fit
order by cluster;

-- The centres of a fit's clusters, by cluster, then feature.
--   $fit  INTEGER
-- returns value DOUBLE
select value
from cluster_centre
where fit = $fit
order by cluster, place;

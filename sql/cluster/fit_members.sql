-- Who was in which cluster of a fit.
--   $fit  INTEGER
-- returns account_id VARCHAR, cluster INTEGER
select account_id, cluster
from cluster_member
where fit = $fit
order by account_id;

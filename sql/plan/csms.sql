-- The customer-success managers there are, in order of id.
-- returns csm_id VARCHAR, name VARCHAR, capacity_hours DOUBLE, skills VARCHAR, regions VARCHAR, cost_per_hour BIGINT
select csm_id, coalesce(nullif(name, ''), csm_id) as name, capacity_hours, skills, regions, cost_per_hour
from csm
order by csm_id;

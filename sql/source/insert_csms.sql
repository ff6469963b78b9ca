-- Customer success managers.
-- needs source/stage_csms.sql
insert into csm
select csm_id, name, capacity_hours, skills, regions, cost_per_hour::bigint
from stage_csms
order by all;

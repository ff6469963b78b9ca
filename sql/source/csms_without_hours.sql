-- Managers whose hours are stated as none, in order of place.
-- returns named VARCHAR, n BIGINT, place BIGINT
-- needs source/stage_csms.sql
select csm_id as named, 1::bigint as n, place
from stage_csms
where capacity_hours = 0
order by place;

-- Rows of an id that an earlier row has, in order of place.
-- returns place BIGINT, id VARCHAR
-- needs source/stage_csms.sql
select place, csm_id as id
from stage_csms
where csm_id is not null
qualify row_number() over (partition by csm_id order by place) > 1
order by place;

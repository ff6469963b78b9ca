-- Rows of an id that an earlier row has, in order of place.
-- returns place BIGINT, id VARCHAR
-- needs source/stage_touchpoints.sql
select place, touchpoint_id as id
from stage_touchpoints
where touchpoint_id is not null
qualify row_number() over (partition by touchpoint_id order by place) > 1
order by place;

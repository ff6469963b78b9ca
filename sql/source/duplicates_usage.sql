-- Rows of an id that an earlier row has, in order of place.
-- returns place BIGINT, id VARCHAR
-- needs source/stage_usage.sql
select place, usage_id as id
from stage_usage
where usage_id is not null
qualify row_number() over (partition by usage_id order by place) > 1
order by place;

-- Rows of an id that an earlier row has, in order of place.
-- returns place BIGINT, id VARCHAR
-- needs source/stage_interventions.sql
select place, intervention_id as id
from stage_interventions
where intervention_id is not null
qualify row_number() over (partition by intervention_id order by place) > 1
order by place;

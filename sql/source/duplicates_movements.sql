-- Rows of an id that an earlier row has, in order of place.
-- returns place BIGINT, id VARCHAR
-- needs source/stage_movements.sql
select place, movement_id as id
from stage_movements
where movement_id is not null
qualify row_number() over (partition by movement_id order by place) > 1
order by place;

-- Rows of an id that an earlier row has, in order of place.
-- returns place BIGINT, id VARCHAR
-- needs source/stage_opportunities.sql
select place, opportunity_id as id
from stage_opportunities
where opportunity_id is not null
qualify row_number() over (partition by opportunity_id order by place) > 1
order by place;

-- Rows of an id that an earlier row has, in order of place.
-- returns place BIGINT, id VARCHAR
-- needs source/stage_surveys.sql
select place, survey_id as id
from stage_surveys
where survey_id is not null
qualify row_number() over (partition by survey_id order by place) > 1
order by place;

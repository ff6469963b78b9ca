-- Which account an id belongs to, the first row of each.
-- returns id VARCHAR, account INTEGER
-- needs source/stage_surveys.sql
select survey_id as id, arg_min(account_id, place)::integer as account
from stage_surveys
where survey_id is not null
group by survey_id;

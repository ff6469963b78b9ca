-- Which account an id belongs to, the first row of each.
-- returns id VARCHAR, account INTEGER
-- needs source/stage_touchpoints.sql
select touchpoint_id as id, arg_min(account_id, place)::integer as account
from stage_touchpoints
where touchpoint_id is not null
group by touchpoint_id;

-- Which account an id belongs to, the first row of each.
-- returns id VARCHAR, account INTEGER
-- needs source/stage_usage.sql
select usage_id as id, arg_min(account_id, place)::integer as account
from stage_usage
where usage_id is not null
group by usage_id;

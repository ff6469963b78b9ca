-- Which account an id belongs to, the first row of each.
-- returns id VARCHAR, account INTEGER
-- needs source/stage_opportunities.sql
select opportunity_id as id, arg_min(account_id, place)::integer as account
from stage_opportunities
where opportunity_id is not null
group by opportunity_id;

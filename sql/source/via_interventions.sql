-- Which account an id belongs to, the first row of each.
-- returns id VARCHAR, account INTEGER
-- needs source/stage_interventions.sql
select intervention_id as id, arg_min(account_id, place)::integer as account
from stage_interventions
where intervention_id is not null
group by intervention_id;

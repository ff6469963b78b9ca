-- Which account an id belongs to, the first row of each.
-- returns id VARCHAR, account INTEGER
-- needs source/stage_movements.sql
select movement_id as id, arg_min(account_id, place)::integer as account
from stage_movements
where movement_id is not null
group by movement_id;

-- Which account an id belongs to, the first row of each.
-- returns id VARCHAR, account INTEGER
-- needs source/stage_tickets.sql
select ticket_id as id, arg_min(account_id, place)::integer as account
from stage_tickets
where ticket_id is not null
group by ticket_id;

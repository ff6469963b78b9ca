-- Which account an id belongs to, the first row of each.
-- returns id VARCHAR, account INTEGER
-- needs source/stage_contacts.sql
select contact_id as id, arg_min(account_id, place)::integer as account
from stage_contacts
where contact_id is not null
group by contact_id;

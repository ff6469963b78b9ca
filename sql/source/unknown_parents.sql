-- Parents that accounts name and that are not among the accounts, the one named first of all first.
-- returns named VARCHAR, n BIGINT, place BIGINT
-- needs source/stage_accounts.sql
select parent_id as named, count(*) as n, min(place) as place
from stage_accounts
where parent_id <> '' and parent_id not in (select account_id from stage_accounts)
group by parent_id
order by place;

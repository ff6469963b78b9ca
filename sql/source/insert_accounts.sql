-- The accounts, in order of their numbers.
-- needs source/stage_accounts.sql
-- needs source/stage_number.sql
insert into account
select n.account, s.account_id, s.name, date '1970-01-01' + s.started_on, s.parent_id, s.industry,
    s.employees, s.region, s.country, s.plan, s.use_case, s.channel, s.csm_id, s.coverage, s.seats,
    s.currency, s.potential_arr::bigint, s.complexity, s.strategic = 1
from stage_accounts as s
join stage_number as n on n.place = s.place
order by n.account;

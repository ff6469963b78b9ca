-- What decides about accounts' numbers, in order of place.
-- returns place BIGINT, account_id VARCHAR, parent_id VARCHAR, currency VARCHAR
-- needs source/stage_accounts.sql
select place, account_id, parent_id, currency
from stage_accounts
order by place;

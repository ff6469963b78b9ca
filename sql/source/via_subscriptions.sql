-- Which account an id belongs to, the first row of each.
-- returns id VARCHAR, account INTEGER
-- needs source/stage_subscriptions.sql
select subscription_id as id, arg_min(account_id, place)::integer as account
from stage_subscriptions
where subscription_id is not null
group by subscription_id;

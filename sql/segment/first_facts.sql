-- First day with a fact, of accounts whose start is not known.
-- returns account INTEGER, first_day INTEGER
with fact as (
    select account, day from arr_ledger
    union all
    select account, day from order_ledger
    union all
    select account, day from usage_ledger
    union all
    select account, day from ticket
    union all
    select account, day from survey
    union all
    select account, day from touchpoint
    union all
    select account, day from opportunity
    union all
    select account, day from health_history
    union all
    select account, day from intervention
)
select fact.account, min(fact.day) as first_day
from fact
join account on account.account = fact.account and account.started_on is null
group by fact.account
order by fact.account;

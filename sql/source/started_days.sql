-- When accounts began: as their source says, else with their first ARR above 0, order or usage.
-- returns account INTEGER, started INTEGER
select a.account, coalesce(a.started_on - date '1970-01-01', f.day)::integer as started
from account as a
left join (
    select account, min(day) as day
    from (
        select account, day from arr_ledger where arr_after > 0
        union all
        select account, day from order_ledger
        union all
        select account, day from usage_ledger
    ) as d
    where account in (select account from account where started_on is null)
    group by account
) as f on f.account = a.account;

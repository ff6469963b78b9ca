-- Accounts that came from facts began with their first.
update account
set started_on = date '1970-01-01' + f.day
from (
    select account, min(day) as day
    from (
        select account, day from order_ledger
        union all
        select account, day from arr_ledger where arr_after > 0
    ) as d
    group by account
) as f
where f.account = account.account and started_on is null;

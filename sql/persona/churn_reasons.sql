-- Why ARR ended, where a reason is given: churn of a time, in order of accounts and days.
--   $from   INTEGER  the day before the first
--   $until  INTEGER  the last day
-- returns account INTEGER, reason VARCHAR
select account, reason
from arr_ledger
where kind = 3 and day > $from and day <= $until and reason is not null
order by account, day, reason;

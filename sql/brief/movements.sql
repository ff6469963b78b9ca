-- How the ARR of one account moved in a time, the newest first.
--   $account  INTEGER  its number
--   $from     INTEGER  the first day
--   $until    INTEGER  the last day
-- returns day INTEGER, kind UTINYINT, delta BIGINT, type VARCHAR, reason VARCHAR
select day, kind, delta, type, reason
from arr_ledger
where account = $account and day between $from and $until
order by day desc;

-- How many units each day's orders had, in thousandths; days whose orders do not say are left out.
--   $until  INTEGER  the last day
-- returns account INTEGER, day INTEGER, units BIGINT
select account, day, round(quantity * 1000)::bigint as units
from order_ledger
where day <= $until and quantity is not null
order by account, day;

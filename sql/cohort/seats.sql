-- Seats of accounts after each day on which they changed, in thousandths.
--   $until  INTEGER  the last day
-- returns account INTEGER, day INTEGER, seats_after BIGINT
select account, day, seats_after
from seats_ledger
where day <= $until
order by account, day;

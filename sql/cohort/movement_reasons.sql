-- What sources say of ARR movements, of those of which they say anything.
--   $until  INTEGER  the last day
-- returns account INTEGER, day INTEGER, type VARCHAR, reason VARCHAR
select account, day, type, reason
from arr_ledger
where day <= $until and (type is not null or reason is not null);

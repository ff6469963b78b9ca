-- Ledger rows of a run of accounts up to a day, in the order they are stored in.
--   $first  INTEGER  account
--   $last   INTEGER  account
--   $until  INTEGER  day
-- returns account INTEGER, day INTEGER, active_until INTEGER, role UTINYINT
select account, day, active_until, role
from contact
where account between $first and $last and (day is null or day <= $until);

-- Ledger rows of a run of accounts, in the order they are stored in.
--   $first  INTEGER  account
--   $last   INTEGER  account
-- returns account INTEGER, day INTEGER, active_until INTEGER, role UTINYINT
select account, day, active_until, role
from contact
where account between $first and $last;

-- Ledger rows of a run of accounts, in the order they are stored in.
--   $first  INTEGER  account
--   $last   INTEGER  account
-- returns account INTEGER, day INTEGER, minutes DOUBLE
select account, day, minutes
from intervention
where account between $first and $last;

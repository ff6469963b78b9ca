-- Ledger rows of a run of accounts, in the order they are stored in.
--   $first  INTEGER  account
--   $last   INTEGER  account
-- returns account INTEGER, day INTEGER, score DOUBLE
select account, day, score
from health_history
where account between $first and $last;

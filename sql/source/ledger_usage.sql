-- Ledger rows of a run of accounts, in the order they are stored in.
--   $first  INTEGER  account
--   $last   INTEGER  account
-- returns account INTEGER, day INTEGER, feature INTEGER, usr INTEGER, events INTEGER
select account, day, feature, usr, events
from usage_ledger
where account between $first and $last;

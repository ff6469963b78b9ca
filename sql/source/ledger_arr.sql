-- Ledger rows of a run of accounts, in the order they are stored in.
--   $first  INTEGER  account
--   $last   INTEGER  account
-- returns account INTEGER, day INTEGER, arr_after BIGINT, kind UTINYINT
select account, day, arr_after, kind
from arr_ledger
where account between $first and $last;

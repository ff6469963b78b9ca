-- Ledger rows of a run of accounts, in the order they are stored in.
--   $first  INTEGER  account
--   $last   INTEGER  account
-- returns account INTEGER, day INTEGER, minutes DOUBLE, responded TINYINT
select account, day, minutes, coalesce(responded::tinyint, -1)::tinyint as responded
from touchpoint
where account between $first and $last;

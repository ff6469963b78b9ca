-- Ledger rows of a run of accounts, in the order they are stored in.
--   $first  INTEGER  account
--   $last   INTEGER  account
-- returns account INTEGER, day INTEGER, closed INTEGER, severity UTINYINT, csat DOUBLE
select account, day, closed, severity, csat
from ticket
where account between $first and $last;

-- Ledger rows of a run of accounts, in the order they are stored in.
--   $first  INTEGER  account
--   $last   INTEGER  account
-- returns account INTEGER, day INTEGER, due INTEGER, amount BIGINT, kind UTINYINT, stage UTINYINT
select account, day, due, amount, kind, stage
from opportunity
where account between $first and $last;

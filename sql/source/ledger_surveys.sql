-- Ledger rows of a run of accounts, in the order they are stored in.
--   $first  INTEGER  account
--   $last   INTEGER  account
-- returns account INTEGER, day INTEGER, kind UTINYINT, score DOUBLE
select account, day, kind, score
from survey
where account between $first and $last and score is not null;

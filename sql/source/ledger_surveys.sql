-- Ledger rows of a run of accounts up to a day, in the order they are stored in.
--   $first  INTEGER  account
--   $last   INTEGER  account
--   $until  INTEGER  day
-- returns account INTEGER, day INTEGER, kind UTINYINT, score DOUBLE
select account, day, kind, score
from survey
where account between $first and $last and day <= $until and score is not null;

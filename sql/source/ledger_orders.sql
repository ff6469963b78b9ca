-- Ledger rows of a run of accounts, in the order they are stored in.
--   $first  INTEGER  account
--   $last   INTEGER  account
-- returns account INTEGER, day INTEGER, amount BIGINT, orders INTEGER
select account, day, amount, orders
from order_ledger
where account between $first and $last;

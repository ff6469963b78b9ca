-- Predictions that were kept, of a run of accounts. The store names accounts by id, because numbers
-- change when accounts are added.
--   $first  INTEGER  account
--   $last   INTEGER  account
-- returns account INTEGER, day INTEGER, target UTINYINT, probability DOUBLE
select a.account, p.day, p.target, p.probability
from prediction as p
join account as a on a.account_id = p.account_id
where a.account between $first and $last
order by a.account, p.day, p.target;

-- Where one account has been.
--   $account_id  VARCHAR
-- returns dimension VARCHAR, segment VARCHAR, valid_from DATE, valid_to DATE, cause VARCHAR, clause VARCHAR, value_before VARCHAR, value_after VARCHAR
select dimension, segment, valid_from, valid_to, cause, clause, value_before, value_after
from membership
where account_id = $account_id
order by dimension, valid_from;

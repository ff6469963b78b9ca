-- Everything recorded about who was in which segment when.
-- returns dimension VARCHAR, account_id VARCHAR, segment VARCHAR, valid_from DATE, valid_to DATE,
--   cause VARCHAR, clause VARCHAR, value_before VARCHAR, value_after VARCHAR
select dimension, account_id, segment, valid_from, valid_to, cause, clause, value_before,
    value_after
from membership
order by dimension, account_id, valid_from;

-- Memberships as they were recorded for a day.
--   $day  DATE
-- returns dimension VARCHAR, account_id VARCHAR, segment VARCHAR
select dimension, account_id, segment
from membership
where valid_from <= $day and (valid_to is null or valid_to > $day)
order by dimension, account_id;

-- Memberships of one dimension as they were recorded for a day.
--   $day        DATE
--   $dimension  VARCHAR
-- returns account_id VARCHAR, segment VARCHAR
select account_id, segment
from membership
where dimension = $dimension and valid_from <= $day and (valid_to is null or valid_to > $day)
order by account_id;

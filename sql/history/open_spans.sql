-- Memberships that still hold.
-- returns dimension VARCHAR, account_id VARCHAR, segment VARCHAR
select dimension, account_id, segment
from membership
where valid_to is null
order by dimension, account_id;

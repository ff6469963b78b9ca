-- What a system was told last.
--   $system  VARCHAR
-- returns dimension VARCHAR, account_id VARCHAR, segment VARCHAR
select dimension, account_id, segment
from crm_membership
where system = $system
order by dimension, account_id;

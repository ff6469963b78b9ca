-- The last export to a system.
--   $system  VARCHAR
-- returns number INTEGER, as_of DATE, accounts BIGINT
-- No row when there was none.
select number, as_of, accounts
from crm_export
where system = $system
order by number desc
limit 1;

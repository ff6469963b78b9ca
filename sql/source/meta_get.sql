-- One fact about the store.
--   $key  VARCHAR
-- returns value VARCHAR
select value
from meta
where key = $key;

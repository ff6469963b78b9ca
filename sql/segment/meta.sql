-- A fact about the whole store.
--   $key  VARCHAR  'currency', 'data_digest', ...
-- returns value VARCHAR
select value
from meta
where key = $key;

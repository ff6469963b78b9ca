-- The different types, or reasons, of ARR movements, in bytewise order.
--   $reasons  BOOLEAN  true: reasons; false: types
-- returns word VARCHAR
select distinct case when $reasons then reason else type end as word
from arr_ledger
where (case when $reasons then reason else type end) is not null
order by word;

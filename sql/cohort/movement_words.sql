-- The different types, or reasons, of ARR movements, in bytewise order.
--   $reasons  BOOLEAN  true: reasons; false: types
-- returns word VARCHAR
select distinct case when $reasons then reason else type end as word
from (
    select type, reason from arr_ledger
    union all
    select type, reason from arr_notice
) as said
where (case when $reasons then reason else type end) is not null
order by word;

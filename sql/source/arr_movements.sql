-- Changes of ARR by account and day; type and reason are those of the largest.
--   $end_shift  INTEGER  not used
-- returns account INTEGER, day INTEGER, delta BIGINT, type VARCHAR, reason VARCHAR
-- needs source/stage_movements.sql
select account_id as account, date + 0 * $end_shift::integer as day, sum(delta)::bigint as delta,
    arg_max(type, (abs(delta), type)) as type, arg_max(reason, (abs(delta), reason)) as reason
from stage_movements
group by all
having sum(delta)::bigint <> 0
order by account, day;

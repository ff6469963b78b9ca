-- How much each entity (the enum in src/panel/ledger.h) holds, and between which days.
-- returns entity INTEGER, n BIGINT, first_day INTEGER, last_day INTEGER, users_first_seen INTEGER,
--   features BIGINT, undated BIGINT
select 0 as entity, count(*) as n, null::integer as first_day, null::integer as last_day,
    null::integer as users_first_seen, null::bigint as features, 0 as undated
from account
union all
select 3, count(*), min(day), max(day), min(day) filter (where usr is not null),
    (select count(*) from usage_feature), 0
from usage_ledger
union all
select 9, count(*), null, null, null, null, 0
from csm
union all
select 1, count(*), min(day), max(day), null, null, 0
from arr_ledger
union all
select 2, count(*), min(day), max(day), null, null, 0
from order_ledger
union all
select 4, count(*), min(day), max(day), null, null, 0
from ticket
union all
select 5, count(*), min(day), max(day), null, null, 0
from survey
union all
select 6, count(*), min(day), max(day), null, null, count(*) - count(day)
from contact
union all
select 7, count(*), min(day), max(day), null, null, 0
from touchpoint
union all
select 8, count(*), min(day), max(day), null, null, 0
from opportunity
union all
select 10, count(*), min(day), max(day), null, null, 0
from health_history
union all
select 11, count(*), min(day), max(day), null, null, 0
from intervention
union all
select 12, count(*), null, null, null, null, 0
from prediction;

-- What one account used in the 90 days up to a day and in the 90 before, by feature.
--   $account  INTEGER  its number
--   $until    INTEGER  the last day
-- returns feature VARCHAR, events BIGINT, before BIGINT
select f.name as feature,
    coalesce(sum(u.events) filter (where u.day + 90 > $until), 0)::bigint as events,
    coalesce(sum(u.events) filter (where u.day + 90 <= $until), 0)::bigint as before
from usage_ledger u
join usage_feature f using (feature)
where u.account = $account and u.day <= $until and u.day + 180 > $until
group by f.name
order by events desc, before desc, f.name;

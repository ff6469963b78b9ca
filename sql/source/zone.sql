-- The instant at which each day from 1970 to 2100 begins in a time zone, in order of day.
--   $zone  VARCHAR  'America/New_York'
-- returns midnight BIGINT
select epoch((date '1970-01-01' + d::integer)::timestamp at time zone $zone::varchar)::bigint as midnight
from range(47848) as days (d)
order by d;

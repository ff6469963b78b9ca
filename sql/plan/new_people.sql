-- Who is new in accounts: by account and department, contacts that became known after a day and are still there on another,
-- departments that differ in case and blanks alone are one.
--   $since  INTEGER  the day before the first that counts
--   $until  INTEGER  the as-of date
-- returns account INTEGER, department VARCHAR, people BIGINT, since INTEGER
select account, min(trim(department)) as department, count(*) as people, min(day) as since
from contact
where day > $since and day <= $until and coalesce(active_until > $until, true) and trim(department) <> ''
group by account, lower(trim(department))
order by account, people desc, department;

-- Who is new in accounts: by account and department, contacts that became known after a day and are still there on another,
-- those among them that decide (every role but user), and whether the department itself is new, as feature
-- new_departments_180d counts. Departments that differ in case and blanks alone are one.
--   $since  INTEGER  the day before the first that counts
--   $until  INTEGER  the as-of date
-- returns account INTEGER, department VARCHAR, is_new BOOLEAN, people BIGINT, since INTEGER, deciders BIGINT, deciders_since INTEGER
with known as (
    select account, trim(department) as department, coalesce(day, -719162) as day, role <> 0 as decides,
        coalesce(active_until > $until, true) as here
    from contact
    where trim(department) <> '' and coalesce(day <= $until, true) and coalesce(active_until > day, true)
)
select account, min(department) filter (where here and day > $since) as department, min(day) > $since as is_new,
    count(*) filter (where here and day > $since) as people,
    min(day) filter (where here and day > $since) as since,
    count(*) filter (where here and day > $since and decides) as deciders,
    coalesce(min(day) filter (where here and day > $since and decides), 0) as deciders_since
from known
group by account, lower(department)
having people > 0
order by account, department;

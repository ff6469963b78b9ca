-- Contacts of one account known by a day, with those that have left.
--   $account  INTEGER  its number
--   $until    INTEGER  the day
-- returns role UTINYINT, active BOOLEAN, active_until INTEGER, title VARCHAR
select role, coalesce(active_until > $until, true) as active, active_until, title
from contact
where account = $account and coalesce(day <= $until, true)
order by active desc, role desc, title, active_until, contact_id;

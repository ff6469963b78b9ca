-- Contacts known by a day, with those that have left.
--   $until  INTEGER  the day
-- returns account INTEGER, role UTINYINT, active BOOLEAN, active_until INTEGER, contact_id VARCHAR, title VARCHAR, email VARCHAR
select account, role, coalesce(active_until > $until, true) as active, active_until, contact_id,
    title, email
from contact
where coalesce(day <= $until, true)
order by account, role, active_until, contact_id, title, email;

-- Who is known to be a person by a day: contacts, who answered surveys, and users whose id is an
-- address; of these no account is told.
--   $until  INTEGER  the day
-- returns account INTEGER, id VARCHAR, title VARCHAR, email VARCHAR
select account, contact_id as id, title, email
from contact
where coalesce(day <= $until, true)
union
select account, contact_id, null, null
from survey
where day <= $until and contact_id is not null
union
select null, user_id, null, null
from usage_user
where contains(user_id, '@') and usr in (select usr from usage_ledger where day <= $until)
order by account, id, title, email;

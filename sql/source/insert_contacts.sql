-- Contacts. Without a role they are users.
-- needs source/stage_contacts.sql
insert into contact
select account_id, known_from, active_until, coalesce(role, 0)::utinyint, contact_id, title, email,
    department
from stage_contacts
order by all;

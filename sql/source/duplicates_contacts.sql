-- Rows of an id that an earlier row has, in order of place.
-- returns place BIGINT, id VARCHAR
-- needs source/stage_contacts.sql
select place, contact_id as id
from stage_contacts
where contact_id is not null
qualify row_number() over (partition by contact_id order by place) > 1
order by place;

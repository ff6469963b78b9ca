-- Rows of an id that an earlier row has, in order of place.
-- returns place BIGINT, id VARCHAR
-- needs source/stage_tickets.sql
select place, ticket_id as id
from stage_tickets
where ticket_id is not null
qualify row_number() over (partition by ticket_id order by place) > 1
order by place;

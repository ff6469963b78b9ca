-- Tickets. Without a severity they are normal.
-- needs source/stage_tickets.sql
insert into ticket
select account_id, opened_at, closed_at, coalesce(severity, 1)::utinyint, csat, ticket_id, theme,
    text
from stage_tickets
order by all;

-- Keeps the first row of each id.
-- needs source/stage_tickets.sql
delete from stage_tickets
where place in (
    select place
    from stage_tickets
    where ticket_id is not null
    qualify row_number() over (partition by ticket_id order by place) > 1
);

-- Rows of tickets as read: file and line in `place`, columns as in src/source/fields.c.
create or replace temp table stage_tickets (
    place bigint,
    account_id integer,
    ticket_id text,
    opened_at integer,
    closed_at integer,
    severity double,
    csat double,
    theme text,
    text text
);

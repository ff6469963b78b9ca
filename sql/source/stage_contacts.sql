-- Rows of contacts as read: file and line in `place`, columns as in src/source/fields.c.
create or replace temp table stage_contacts (
    place bigint,
    account_id integer,
    contact_id text,
    known_from integer,
    active_until integer,
    role double,
    title text,
    email text,
    department text
);

-- Accounts' own columns as read: file and line in `place`.
create or replace temp table stage_attribute (
    place bigint,
    name text,
    value text
);

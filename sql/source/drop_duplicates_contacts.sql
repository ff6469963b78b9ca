-- Keeps the first row of each id.
-- needs source/stage_contacts.sql
delete from stage_contacts
where place in (
    select place
    from stage_contacts
    where contact_id is not null
    qualify row_number() over (partition by contact_id order by place) > 1
);

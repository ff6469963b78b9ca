-- Keeps the first row of each id.
-- needs source/stage_csms.sql
delete from stage_csms
where place in (
    select place
    from stage_csms
    where csm_id is not null
    qualify row_number() over (partition by csm_id order by place) > 1
);

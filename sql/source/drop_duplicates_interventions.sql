-- Keeps the first row of each id.
-- needs source/stage_interventions.sql
delete from stage_interventions
where place in (
    select place
    from stage_interventions
    where intervention_id is not null
    qualify row_number() over (partition by intervention_id order by place) > 1
);

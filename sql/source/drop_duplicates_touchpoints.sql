-- Keeps the first row of each id.
-- needs source/stage_touchpoints.sql
delete from stage_touchpoints
where place in (
    select place
    from stage_touchpoints
    where touchpoint_id is not null
    qualify row_number() over (partition by touchpoint_id order by place) > 1
);

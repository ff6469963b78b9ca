-- Keeps the first row of each id.
-- needs source/stage_usage.sql
delete from stage_usage
where place in (
    select place
    from stage_usage
    where usage_id is not null
    qualify row_number() over (partition by usage_id order by place) > 1
);

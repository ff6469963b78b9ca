-- Keeps the first row of each id.
-- needs source/stage_movements.sql
delete from stage_movements
where place in (
    select place
    from stage_movements
    where movement_id is not null
    qualify row_number() over (partition by movement_id order by place) > 1
);

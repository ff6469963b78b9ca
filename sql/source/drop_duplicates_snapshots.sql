-- Keeps the first row of each id.
-- needs source/stage_snapshots.sql
delete from stage_snapshots
where place in (
    select place
    from stage_snapshots
    qualify row_number() over (partition by account_id, date order by place) > 1
);

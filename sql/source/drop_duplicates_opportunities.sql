-- Keeps the first row of each id.
-- needs source/stage_opportunities.sql
delete from stage_opportunities
where place in (
    select place
    from stage_opportunities
    where opportunity_id is not null
    qualify row_number() over (partition by opportunity_id order by place) > 1
);

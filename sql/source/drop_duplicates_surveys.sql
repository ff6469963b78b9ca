-- Keeps the first row of each id.
-- needs source/stage_surveys.sql
delete from stage_surveys
where place in (
    select place
    from stage_surveys
    where survey_id is not null
    qualify row_number() over (partition by survey_id order by place) > 1
);

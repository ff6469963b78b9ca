-- Keeps the first row of each id.
-- needs source/stage_subscriptions.sql
delete from stage_subscriptions
where place in (
    select place
    from stage_subscriptions
    where subscription_id is not null
    qualify row_number() over (partition by subscription_id order by place) > 1
);

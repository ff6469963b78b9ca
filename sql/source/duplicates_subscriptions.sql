-- Rows of an id that an earlier row has, in order of place.
-- returns place BIGINT, id VARCHAR
-- needs source/stage_subscriptions.sql
select place, subscription_id as id
from stage_subscriptions
where subscription_id is not null
qualify row_number() over (partition by subscription_id order by place) > 1
order by place;

-- Subscriptions whose seats cannot be, so that source/insert_seats.sql takes them for none.
-- returns n BIGINT
-- needs source/stage_subscriptions.sql
select count(*) as n
from stage_subscriptions
where seats < 0 or seats > 1e9;

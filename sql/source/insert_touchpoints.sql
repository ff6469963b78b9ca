-- Touchpoints.
-- needs source/stage_touchpoints.sql
insert into touchpoint
select account_id, "at", minutes, responded = 1, csm_id, channel
from stage_touchpoints
order by all;

-- Health supplied from outside; of several scores on a day the mean.
-- needs source/stage_health.sql
insert into health_history
select account_id, "at", avg(score)
from stage_health
group by account_id, "at"
order by all;

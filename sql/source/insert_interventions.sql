-- Interventions.
-- needs source/stage_interventions.sql
insert into intervention
select account_id, "at", minutes, playbook, kind, outcome
from stage_interventions
order by all;

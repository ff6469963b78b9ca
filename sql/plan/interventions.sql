-- What was done for accounts under a playbook, up to a day.
--   $until  INTEGER  the last day
-- returns account INTEGER, day INTEGER, playbook VARCHAR, kind VARCHAR
select account, day, playbook, kind
from intervention
where day <= $until and playbook is not null
order by account, day, playbook, kind;

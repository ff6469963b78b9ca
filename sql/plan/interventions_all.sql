-- Everything that was done for accounts, up to a day: by playbook, else by kind.
--   $until  INTEGER  the last day
-- returns account INTEGER, day INTEGER, name VARCHAR, minutes DOUBLE
select account, day, coalesce(nullif(playbook, ''), nullif(kind, ''), 'not named') as name, minutes
from intervention
where day <= $until
order by account, day, name, minutes nulls first;

-- Tickets of one account in a time, the newest first; closed only if that was in it.
--   $account  INTEGER  its number
--   $from     INTEGER  the first day
--   $until    INTEGER  the last day
-- returns day INTEGER, closed INTEGER, severity UTINYINT, theme VARCHAR, text VARCHAR
select day, case when closed <= $until then closed end as closed, severity, theme, text
from ticket
where account = $account and day between $from and $until
order by day desc, severity desc, theme, text;

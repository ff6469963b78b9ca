-- Tickets of a time, in order of accounts.
--   $from   INTEGER  the first day
--   $until  INTEGER  the last day
-- returns account INTEGER, theme VARCHAR, text VARCHAR
select account, theme, text
from ticket
where day between $from and $until and (theme is not null or text is not null)
order by account, theme, text;

-- Touchpoints of one account in a time, the newest first.
--   $account  INTEGER  its number
--   $from     INTEGER  the first day
--   $until    INTEGER  the last day
-- returns day INTEGER, channel VARCHAR, responded BOOLEAN
select day, channel, responded
from touchpoint
where account = $account and day between $from and $until
order by day desc, channel, responded;

-- Touchpoints of a time by account, channel and day of the week (0 Monday): how many, how many of
-- which say whether they were answered, how many were.
--   $from   INTEGER  the first day
--   $until  INTEGER  the last day
-- returns account INTEGER, channel VARCHAR, weekday INTEGER, touches BIGINT, known BIGINT, answered BIGINT
select account, channel, ((day + 3) % 7)::integer as weekday, count(*) as touches,
    count(responded) as known, count(*) filter (where responded) as answered
from touchpoint
where day between $from and $until
group by account, channel, weekday
order by account, channel, weekday;

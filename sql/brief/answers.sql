-- Answers of one account to surveys in a time, the newest first.
--   $account  INTEGER  its number
--   $from     INTEGER  the first day
--   $until    INTEGER  the last day
-- returns day INTEGER, kind UTINYINT, score DOUBLE, text VARCHAR
select day, kind, score, text
from survey
where account = $account and day between $from and $until
order by day desc, kind, score, text;

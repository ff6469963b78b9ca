-- Answers in words to surveys of a time, in order of accounts.
--   $from   INTEGER  the first day
--   $until  INTEGER  the last day
-- returns account INTEGER, kind UTINYINT, score DOUBLE, text VARCHAR
select account, kind, score, text
from survey
where day between $from and $until and text is not null
order by account, kind, score, text;

-- Deals decided in a time, the due date standing for the day of the decision.
--   $from   INTEGER  the first day
--   $until  INTEGER  the day after the last
-- returns account INTEGER, kind UTINYINT, stage UTINYINT, competitor VARCHAR
select account, kind, stage, competitor
from opportunity
where due >= $from and due < $until and day < $until and stage in (1, 2)
order by account, kind, stage, competitor;

-- Opportunities of one account opened by a day: those still to be decided on it, and those that were
-- decided before it since another, the due date standing for the day of the decision.
--   $account  INTEGER  its number
--   $from     INTEGER  decided on this day or later
--   $until    INTEGER  the day
-- returns day INTEGER, due INTEGER, amount BIGINT, kind UTINYINT, stage UTINYINT, competitor VARCHAR
select day, due, amount, kind,
    case when stage = 0 or due is null or due >= $until then 0::utinyint else stage end as stage,
    competitor
from opportunity
where account = $account and day <= $until and (stage = 0 or due >= $from or due is null)
order by due, kind, day, amount, competitor;

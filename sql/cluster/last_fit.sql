-- The last fit that was saved of the same accounts, as of a day or before.
--   $day    DATE
--   $where  VARCHAR  as it was given; null: the whole population
-- returns fit INTEGER, as_of DATE, method VARCHAR, where_text VARCHAR
select fit, as_of, method, where_text
from cluster_fit
where as_of <= $day and where_text is not distinct from $where
order by as_of desc, fit desc
limit 1;

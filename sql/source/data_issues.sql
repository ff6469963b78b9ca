-- What is odd about rows that were loaded.
-- returns entity VARCHAR, kind VARCHAR, n BIGINT, example VARCHAR
select entity, kind, n, example
from data_issue
order by entity, kind;

-- returns n BIGINT
select count(*) as n
from account;

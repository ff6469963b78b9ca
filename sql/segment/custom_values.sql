-- Values of one attribute that the project named itself.
--   $name  VARCHAR  the attribute
-- returns account INTEGER, number DOUBLE, text VARCHAR
select account, number, text
from account_attribute
where name = $name
order by account;

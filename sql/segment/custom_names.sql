-- Attributes that the project named itself.
-- returns name VARCHAR, type VARCHAR
select name, min(type) as type
from account_attribute
group by name
order by name;

-- The dictionary of users.
-- needs source/stage_code.sql
insert into usage_user
select final, name
from stage_code
where kind = 'user'
order by final;

-- Contents of all files, whatever their names.
-- returns entity VARCHAR, digest VARCHAR
select entity, digest
from source_file
order by entity, digest;

-- Applied migrations, oldest first.
-- returns version INTEGER, checksum VARCHAR, program VARCHAR
select version, checksum, program
from schema_migration
order by version;

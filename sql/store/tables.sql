-- Tables in the file: of migrations, and any.
-- returns migrations INTEGER, tables INTEGER
select
    (count(*) filter (where table_name = 'schema_migration'))::integer as migrations,
    count(*)::integer as tables
from duckdb_tables()
where not temporary and not internal;

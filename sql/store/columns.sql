-- Every table of the store with its columns, in the order they stand.
-- returns table_name VARCHAR, rows BIGINT, column_name VARCHAR, column_type VARCHAR
select c.table_name, t.estimated_size::bigint as rows, c.column_name, c.data_type as column_type
from duckdb_columns() as c
join duckdb_tables() as t using (database_name, schema_name, table_name)
where not c.internal
order by c.table_name, c.column_index;

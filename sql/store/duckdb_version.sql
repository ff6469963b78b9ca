-- Version of the DuckDB that runs.
-- returns version VARCHAR
select version() as version;

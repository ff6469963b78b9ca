-- Lets duckdb_query_progress() know how far a statement is.
set enable_progress_bar = true;

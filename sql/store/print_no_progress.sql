-- Keeps DuckDB from printing its progress bar.
set enable_progress_bar_print = false;

-- Files of the last ingest.
-- returns file_no INTEGER, entity VARCHAR, path VARCHAR, size BIGINT, modified TIMESTAMP, digest VARCHAR,
--   rows_read BIGINT, rows_loaded BIGINT, rows_rejected BIGINT, first_day DATE, last_day DATE
select file_no, entity, path, size, modified, digest, rows_read, rows_loaded, rows_rejected,
    first_day, last_day
from source_file
order by file_no;

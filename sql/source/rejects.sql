-- Refused rows, in order of entity, file and line.
-- returns path VARCHAR, line BIGINT, col INTEGER, column_name VARCHAR, value VARCHAR, reason VARCHAR
select f.path, r.line, r.col, r.column_name, r.value, r.reason
from reject as r
join source_file as f on f.file_no = r.file_no
order by r.entity, r.file_no, r.line, r.col, r.reason;

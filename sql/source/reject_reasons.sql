-- Why rows were refused: reasons of one column of an entity together, the most frequent first, with the first such row.
-- returns entity VARCHAR, column_name VARCHAR, reason VARCHAR, n BIGINT, path VARCHAR, line BIGINT, value VARCHAR
with placed as (
  select r.entity, r.column_name, r.reason, r.value, f.path, r.line,
         count(*) over (partition by r.entity, r.column_name, r.reason) as n,
         row_number() over (partition by r.entity, r.column_name, r.reason
                            order by r.file_no, r.line, r.col, r.value) as place
  from reject as r
  join source_file as f on f.file_no = r.file_no
)
select entity, column_name, reason, n, path, line, value
from placed
where place = 1
order by n desc, entity, column_name, reason;

-- Forgets the staged rows of one file.
--   $file_no  BIGINT
-- needs source/stage_usage.sql
delete from stage_usage
where place >> 40 = $file_no;

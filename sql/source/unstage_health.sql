-- Forgets the staged rows of one file.
--   $file_no  BIGINT
-- needs source/stage_health.sql
delete from stage_health
where place >> 40 = $file_no;

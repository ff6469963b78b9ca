-- Forgets the staged rows of one file.
--   $file_no  BIGINT
-- needs source/stage_surveys.sql
delete from stage_surveys
where place >> 40 = $file_no;

-- Forgets the staged rows of one file.
--   $file_no  BIGINT
-- needs source/stage_interventions.sql
delete from stage_interventions
where place >> 40 = $file_no;

-- Forgets the staged rows of one file.
--   $file_no  BIGINT
-- needs source/stage_csms.sql
delete from stage_csms
where place >> 40 = $file_no;

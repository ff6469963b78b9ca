-- Forgets the staged rows of one file.
--   $file_no  BIGINT
-- needs source/stage_touchpoints.sql
delete from stage_touchpoints
where place >> 40 = $file_no;

-- Forgets the staged rows of one file.
--   $file_no  BIGINT
-- needs source/stage_movements.sql
delete from stage_movements
where place >> 40 = $file_no;

-- Forgets the staged rows of one file.
--   $file_no  BIGINT
-- needs source/stage_snapshots.sql
delete from stage_snapshots
where place >> 40 = $file_no;

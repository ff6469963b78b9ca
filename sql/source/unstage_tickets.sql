-- Forgets the staged rows of one file.
--   $file_no  BIGINT
-- needs source/stage_tickets.sql
delete from stage_tickets
where place >> 40 = $file_no;

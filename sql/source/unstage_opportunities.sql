-- Forgets the staged rows of one file.
--   $file_no  BIGINT
-- needs source/stage_opportunities.sql
delete from stage_opportunities
where place >> 40 = $file_no;

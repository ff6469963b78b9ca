-- Forgets the staged rows of one file.
--   $file_no  BIGINT
-- needs source/stage_accounts.sql
delete from stage_accounts
where place >> 40 = $file_no;

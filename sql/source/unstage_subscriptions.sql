-- Forgets the staged rows of one file.
--   $file_no  BIGINT
-- needs source/stage_subscriptions.sql
delete from stage_subscriptions
where place >> 40 = $file_no;

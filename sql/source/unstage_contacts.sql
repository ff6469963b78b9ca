-- Forgets the staged rows of one file.
--   $file_no  BIGINT
-- needs source/stage_contacts.sql
delete from stage_contacts
where place >> 40 = $file_no;

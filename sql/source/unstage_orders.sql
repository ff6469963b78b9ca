-- Forgets the staged rows of one file.
--   $file_no  BIGINT
-- needs source/stage_orders.sql
delete from stage_orders
where place >> 40 = $file_no;

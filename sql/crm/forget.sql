-- Forgets what a system was told; what it is told now follows.
--   $system  VARCHAR
delete from crm_membership where system = $system;

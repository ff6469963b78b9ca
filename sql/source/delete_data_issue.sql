-- Before the sources of an entity are read again.
--   $entity  VARCHAR
delete from data_issue
where entity = $entity;

-- Before the sources of an entity are read again.
--   $entity  VARCHAR
delete from reject
where entity = $entity;
